package dev.cleanbreak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that is cut, spins on the cut, and looks at itself. Uses nothing but java.base, and no
 * test library.
 */
final class BaseOnly {
  private BaseOnly() {}

  public static void main(String[] args) throws Exception {
    require(ModuleLayer.boot().findModule("jdk.jfr").isPresent() == (args.length > 0), "the image");
    List<Cut> told = new ArrayList<>();
    CleanSockets.addCutListener(told::add);
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CleanSocket socket = new CleanSocket()) {
      socket.connect(listener.getLocalSocketAddress());
      try (Socket peer = listener.accept()) {
        require(peer.isConnected(), "a peer");
        timeOut(socket);
        spin(socket);
      }
      require(told.size() == Direction.SPIN_LIMIT + 3, "all cuts told: " + told.size());
      require(CleanSockets.dump().sockets().size() == 1, CleanSockets.dump().toString());
    }
    require(CleanSockets.dump().sockets().isEmpty(), CleanSockets.dump().toString());
  }

  private static void timeOut(CleanSocket socket) throws IOException {
    socket.setSoTimeout(1);
    try {
      require(socket.getInputStream().read() == 0, "nothing to read");
    } catch (SocketTimeoutException cut) {
      require(cut instanceof CutTimeoutException, cut.toString());
    }
  }

  private static void spin(CleanSocket socket) throws IOException {
    CancelScope scope = CancelScope.open("spun on");
    scope.cancel("by the test");
    scope.run(() -> {
      for (int i = 0; i < Direction.SPIN_LIMIT + 2; i++) {
        try {
          require(socket.getInputStream().read() == 0, "nothing to read");
        } catch (IOException cut) {
          require(cut instanceof CutException, cut.toString());
        }
      }
    });
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
