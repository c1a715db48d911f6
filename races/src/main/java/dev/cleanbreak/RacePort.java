package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A port in memory, so that a race is about the states above it and not about the kernel. It is
 * ready when a test says so, and what is written to it is kept in order. Its readiness is sticky
 * like every other, and wakes by nothing but {@link Readiness#wake} and the test's own steps.
 */
final class RacePort implements StreamPort {
  /** A wake that takes longer than this is lost. */
  static final long LOST_NANOS = 10_000_000_000L;

  private static final SocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  /** How often the port was given back. */
  final AtomicInteger closes = new AtomicInteger();

  final AtomicInteger readable = new AtomicInteger();
  volatile boolean room;
  private final StringBuilder received = new StringBuilder();

  /** What has been written, in order. */
  synchronized String received() {
    return received.toString();
  }

  @Override
  public Readiness newReadiness() {
    return new Sleeper();
  }

  private boolean isReady(int interest) {
    return ((interest & Readiness.READ) != 0 && readable.get() > 0)
        || ((interest & Readiness.WRITE) != 0 && room);
  }

  /** Spins: the races are short, and a thread that never parks meets the other side more often. */
  private final class Sleeper implements Readiness {
    private volatile boolean woken;

    @Override
    public void await(int interest, long nanos) throws IOException {
      long began = System.nanoTime();
      long limit = Math.min(nanos, LOST_NANOS);
      while (!woken && !isReady(interest) && System.nanoTime() - began <= limit) {
        RaceWait.pause();
      }
      if (!woken && System.nanoTime() - began > LOST_NANOS) {
        // A call that has missed its cut would sleep again and again.
        throw new IOException("LOST");
      }
      woken = false;
    }

    @Override
    public void wake() {
      woken = true;
    }

    @Override
    public void close() {}
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (readable.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
      return 0;
    }
    target[offset] = 'x';
    return 1;
  }

  @Override
  public int peek() {
    return Math.min(1, readable.get());
  }

  @Override
  public int write(byte[] source, int offset, int length) {
    if (!room || length == 0) {
      return 0;
    }
    synchronized (this) {
      received.append((char) source[offset]);
    }
    return 1;
  }

  @Override
  public int available() {
    return readable.get();
  }

  @Override
  public void close() {
    closes.incrementAndGet();
  }

  @Override
  public boolean connect(SocketAddress remote) {
    return true;
  }

  @Override
  public boolean finishConnect() {
    return true;
  }

  @Override
  public boolean sendUrgent(int data) {
    return true;
  }

  @Override
  public boolean urgentInline() {
    return false;
  }

  @Override
  public void urgentInline(boolean on) {}

  @Override
  public void shutdownInput() {}

  @Override
  public void shutdownOutput() {}

  @Override
  public void bind(@Nullable SocketAddress local) {}

  @Override
  public SocketAddress localAddress() {
    return NOWHERE;
  }

  @Override
  public SocketAddress remoteAddress() {
    return NOWHERE;
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) {}

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    throw new IOException("no options here");
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Set.of();
  }
}
