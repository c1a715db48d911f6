package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnreferencedTest {
  @Test
  void aDroppedSocketGivesItsDescriptorBack() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      connectAndForget(listener);
      try (Socket peer = listener.accept()) {
        peer.setSoTimeout(50);
        Conditions.await(
            "the end of the stream",
            () -> {
              System.gc();
              return isAtEnd(peer);
            });
      }
    }
  }

  private static void connectAndForget(ServerSocket listener) throws Exception {
    CleanSocket dropped = new CleanSocket();
    dropped.connect(listener.getLocalSocketAddress());
    assertEquals(listener.getLocalPort(), dropped.getPort());
  }

  private static boolean isAtEnd(Socket peer) {
    try {
      return peer.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException notYet) {
      return false;
    } catch (SocketException reset) {
      return true;
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
