package dev.cleanbreak.races;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What goes on beside the cuts: connections that live for one round trip, whose two threads are
 * made for them, of either kind in turn; and now and then a process, which for a moment has every
 * descriptor of this one.
 */
final class StormForks implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long CHILD_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LENGTH = 64;

  private final int rate;
  private final StormLedger ledger;
  private final CleanServerSocket listener;
  private final SocketAddress address;
  private final Phaser running = new Phaser(1);
  private volatile boolean over;

  StormForks(int rate, StormLedger ledger) throws IOException {
    this.rate = rate;
    this.ledger = ledger;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    this.listener = new CleanServerSocket(0, 50, loopback);
    this.address = new InetSocketAddress(loopback, listener.getLocalPort());
  }

  void start() {
    if (rate > 0) {
      fork(false, this::run);
    }
  }

  private void run() {
    long began = System.nanoTime();
    long made = 0;
    long children = 0;
    while (!over) {
      long passed = System.nanoTime() - began;
      for (; made < passed * (rate / 1e9); made++) {
        meet((made & 1) == 0, (made & 2) == 0);
      }
      if (passed / CHILD_EVERY_NANOS >= children) {
        children++;
        fork(true, this::child);
      }
      LockSupport.parkNanos(this, STEP_NANOS);
    }
  }

  /** Connects two new threads; the far one is gone when the near one has its bytes back. */
  private void meet(boolean nearVirtual, boolean farVirtual) {
    try {
      CleanSocket near = new CleanSocket();
      near.connect(address);
      Socket far = listener.accept();
      fork(farVirtual, () -> echo(far));
      fork(nearVirtual, () -> ask(near));
      ledger.forks.add(2);
    } catch (IOException e) {
      ledger.broke("a fork has no connection: " + e);
    }
  }

  private void echo(Socket far) throws IOException {
    try (far) {
      far.getOutputStream().write(far.getInputStream().readNBytes(LENGTH));
    }
  }

  private void ask(CleanSocket near) throws IOException {
    byte[] sent = new byte[LENGTH];
    CancelScope.within(LIMIT)
        .run(() -> {
          near.getOutputStream().write(sent);
          byte[] back = near.getInputStream().readAllBytes();
          if (back.length != LENGTH) {
            ledger.broke("a fork got " + back.length + " bytes back");
          }
        });
    near.close();
  }

  private void child() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    int code =
        new ProcessBuilder(java, "-version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    ledger.children.increment();
    if (code != 0) {
      ledger.broke("a process ended with " + code);
    }
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void fork(boolean virtual, Work work) {
    running.register();
    Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    builder
        .name("storm-fork")
        .start(() -> {
          try {
            work.run();
          } catch (IOException | InterruptedException | RuntimeException e) {
            ledger.broke("a fork failed: " + e);
          } finally {
            running.arriveAndDeregister();
          }
        });
  }

  /** Waits for all threads. */
  @Override
  public void close() throws IOException {
    over = true;
    running.arriveAndAwaitAdvance();
    listener.close();
  }
}
