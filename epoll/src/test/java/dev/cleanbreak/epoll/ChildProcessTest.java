package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CleanDatagramSocket;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that this one starts get none of its descriptors, and keep no connection open. */
@Timeout(120)
final class ChildProcessTest {
  private static final SocketSettings EPOLL = SocketSettings.standard().withTransport("epoll");
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int CHILDREN = 100;
  private static final int LONG_CHILDREN = 10;
  private static final int TALKERS = 4;
  private static final int LIMIT_MILLIS = 20_000;

  private volatile boolean done;

  @Test
  void aProgramThatIsStartedWithoutCareInheritsNothing() throws Exception {
    Set<String> before = Inheritance.now();
    try (CleanServerSocket listener = new CleanServerSocket(EPOLL);
        CleanDatagramSocket datagrams =
            new CleanDatagramSocket(EPOLL, new InetSocketAddress(LOOPBACK, 0));
        CleanSocket near = new CleanSocket(EPOLL)) {
      listener.bind(new InetSocketAddress(LOOPBACK, 0));
      near.connect(listener.getLocalSocketAddress());
      try (Socket far = listener.accept()) {
        FutureTask<Integer> onPlatform = new FutureTask<>(() -> near.getInputStream().read());
        Thread.ofPlatform().daemon().start(onPlatform);
        FutureTask<Integer> onVirtual = new FutureTask<>(() -> far.getInputStream().read());
        Thread.startVirtualThread(onVirtual);
        Waiting.await("both ends wait", () -> Waiting.in(near) && Waiting.in(far));
        assertTrue(datagrams.isBound());
        assertEquals(before, Inheritance.now());
        near.getOutputStream().write(1);
        far.getOutputStream().write(2);
        assertEquals(2, onPlatform.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
        assertEquals(1, onVirtual.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
      }
    }
  }

  /**
   * Between its fork and its exec a child has every descriptor of this process, also those that are
   * closed here meanwhile. The peers see the end all the same, also of a listener, and what a child
   * still holds for that moment wakes nobody.
   */
  @Test
  void peersSeeTheEndWhileChildrenAreStarted() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    List<Thread> talkers = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < TALKERS; i++) {
      Thread.Builder kind = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      talkers.add(
          kind.start(() -> {
            try {
              while (!done) {
                closeOneConnection();
                closed.incrementAndGet();
              }
            } catch (IOException | AssertionError e) {
              synchronized (failures) {
                failures.add(e);
              }
            }
          }));
    }
    List<Process> alive = new ArrayList<>();
    try {
      for (int i = 0; i < LONG_CHILDREN; i++) {
        alive.add(new ProcessBuilder("/bin/cat").start());
      }
      for (int i = 0; i < CHILDREN; i++) {
        Process child = new ProcessBuilder("/bin/true").start();
        assertTrue(child.waitFor(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
      }
      int soFar = closed.get();
      Waiting.await("still closing", () -> closed.get() > soFar + TALKERS || !failures.isEmpty());
    } finally {
      done = true;
      alive.forEach(Process::destroyForcibly);
    }
    for (Thread each : talkers) {
      each.join();
    }
    assertEquals(List.of(), failures);
  }

  /** A connection whose peer, of the JDK, sees its end; and a listener that is gone. */
  @SuppressWarnings("try") // it is the close in the middle whose end the peer sees
  private static void closeOneConnection() throws IOException {
    InetSocketAddress address;
    try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
        CleanSocket ours = new CleanSocket(EPOLL)) {
      ours.connect(listener.getLocalSocketAddress());
      Socket peer = listener.accept();
      peer.setSoTimeout(LIMIT_MILLIS);
      ours.getOutputStream().write(1);
      assertEquals(1, peer.getInputStream().read());
      ours.close();
      assertEquals(-1, peer.getInputStream().read(), "the end");
      peer.close();
    }
    try (CleanServerSocket listener = new CleanServerSocket(EPOLL)) {
      listener.bind(new InetSocketAddress(LOOPBACK, 0));
      address = (InetSocketAddress) listener.getLocalSocketAddress();
    }
    // The port is free: but for the moment in which a child may still listen.
    Waiting.await("nobody listens", () -> refuses(address));
  }

  private static boolean refuses(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, LIMIT_MILLIS);
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
