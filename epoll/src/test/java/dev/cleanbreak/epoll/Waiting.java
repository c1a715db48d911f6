package dev.cleanbreak.epoll;

import dev.cleanbreak.CleanSockets;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for a condition, with a limit against hanging. Also for programs without a test library.
 */
final class Waiting {
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private Waiting() {}

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain: " + what + "; " + CleanSockets.dump());
      }
      LockSupport.parkNanos(100_000);
    }
  }

  /** Whether a call waits inside {@code socket}, which is connected. */
  static boolean in(Socket socket) {
    return CleanSockets.dump().sockets().stream()
        .filter(each -> socket.getLocalSocketAddress().equals(each.local()))
        .filter(each -> socket.getRemoteSocketAddress().equals(each.remote()))
        .anyMatch(each -> each.calls().stream().anyMatch(call -> !call.waited().isZero()));
  }
}
