package dev.cleanbreak.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the machine from falling asleep, without keeping it busy: a thousand small round trips a
 * second on one connection.
 */
final class LightLoad implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_000_000;

  private final WirePair pair;

  private LightLoad(WirePair pair) {
    this.pair = pair;
  }

  static LightLoad start() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
      WirePair pair =
          new WirePair(new SocketWire(client, 64), new SocketWire(listener.accept(), 64));
      ThreadKind.PLATFORM.start("light load echo", () -> untilClosed(pair.server()::echo));
      ThreadKind.PLATFORM.start(
          "light load client",
          () ->
              untilClosed(() -> {
                pair.client().ping();
                LockSupport.parkNanos(PAUSE_NANOS);
                return true;
              }));
      return new LightLoad(pair);
    }
  }

  private interface Step {
    boolean run() throws IOException;
  }

  private static void untilClosed(Step step) {
    try {
      while (step.run()) {}
    } catch (IOException _) {
      // Closed: the end of the load.
    }
  }

  @Override
  public void close() throws IOException {
    pair.close();
  }
}
