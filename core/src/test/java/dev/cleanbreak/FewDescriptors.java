package dev.cleanbreak;

import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * A program of its own for {@link FewDescriptorsTest}: a server that echoes until its input ends.
 * It prints its port and at the end its report.
 */
final class FewDescriptors {
  private static final int BACKLOG = 500;

  private FewDescriptors() {}

  public static void main(String[] args) throws Exception {
    CleanServer<CleanSocket> server =
        CleanServer.on(
            new CleanServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()),
            ServerSettings.standard(),
            (socket, connection) -> {
              InputStream in = socket.getInputStream();
              for (int each; (each = connection.idle(in::read)) >= 0; ) {
                socket.getOutputStream().write(each);
              }
            });
    server.start();
    // What is needed later is loaded now: without descriptors no class is found either.
    Log.log(Level.INFO, "first of {0}", server);
    try (Socket client = new Socket()) {
      client.connect(server.localAddress());
      client.getOutputStream().write(1);
      client.getInputStream().read();
    }
    System.out.println(((java.net.InetSocketAddress) server.localAddress()).getPort());
    while (System.in.read() >= 0) {
      // The test is still at it.
    }
    System.out.println(server.shutdown(Duration.ofSeconds(30)));
  }
}
