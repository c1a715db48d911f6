package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CleanSockets;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Virtual threads that compute keep every carrier. Then no virtual thread returns from anything;
 * but limits pass and are seen by all others, and the calls of platform threads end in time.
 */
@Timeout(60)
final class BusyCarriersTest {
  private static final SocketSettings EPOLL = SocketSettings.standard().withTransport("epoll");
  private static final int CARRIERS = Runtime.getRuntime().availableProcessors();
  private static final long LIMIT_SECONDS = 20;

  private final AtomicInteger spinning = new AtomicInteger();
  private volatile boolean free;

  private void occupyAllCarriers() {
    for (int i = 0; i < CARRIERS; i++) {
      Thread.startVirtualThread(() -> {
        spinning.incrementAndGet();
        while (!free) {
          Thread.onSpinWait();
        }
      });
    }
    Waiting.await("all carriers", () -> spinning.get() == CARRIERS);
  }

  @Test
  void aDeadlineIsMetOnPlatformThreadsAndStandsForVirtualOnes() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
        CleanSocket near = new CleanSocket(EPOLL);
        CleanSocket other = new CleanSocket(EPOLL)) {
      near.connect(listener.getLocalSocketAddress());
      other.connect(listener.getLocalSocketAddress());
      try (Socket far = listener.accept();
          Socket peer = listener.accept();
          CancelScope scope = CancelScope.within(Duration.ofMillis(300))) {
        FutureTask<Integer> onVirtual =
            new FutureTask<>(scope.wrap(() -> near.getInputStream().read()));
        Thread.startVirtualThread(onVirtual);
        Waiting.await("the read waits", () -> Waiting.in(near));
        occupyAllCarriers();

        // The calls of platform threads, this one's: a byte, a deadline, and a timeout.
        FutureTask<Integer> onPlatform = new FutureTask<>(() -> other.getInputStream().read());
        Thread.ofPlatform().daemon().start(onPlatform);
        Waiting.await("that read waits", () -> Waiting.in(other));
        peer.getOutputStream().write(5);
        assertEquals(5, onPlatform.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        assertCut(CutKind.DEADLINE, other);
        other.setSoTimeout(20);
        assertThrows(java.net.SocketTimeoutException.class, () -> other.getInputStream().read());

        // The deadline of the virtual thread's call has passed for everybody who looks.
        Waiting.await("the deadline", () -> scope.view().isCut());
        assertTrue(CleanSockets.dump().toString().contains(", deadline in 0 ms, "));
        assertFalse(onVirtual.isDone(), "it has no carrier");
        // What comes now comes too late for it.
        far.getOutputStream().write(7);

        free = true;
        CutException cut =
            assertInstanceOf(
                CutException.class,
                assertThrows(
                        java.util.concurrent.ExecutionException.class,
                        () -> onVirtual.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .getCause());
        assertEquals(CutKind.DEADLINE, cut.cut().kind());
        assertEquals(7, near.getInputStream().read(), "it has cost nothing");
      } finally {
        free = true;
      }
    }
  }

  private static void assertCut(CutKind kind, CleanSocket socket) {
    try (CancelScope scope = CancelScope.within(Duration.ofMillis(20))) {
      IOException failure =
          assertThrows(IOException.class, () -> scope.run(() -> socket.getInputStream().read()));
      assertEquals(kind, assertInstanceOf(CutException.class, failure).cut().kind());
    }
  }
}
