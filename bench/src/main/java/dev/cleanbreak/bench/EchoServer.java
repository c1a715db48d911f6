package dev.cleanbreak.bench;

import dev.cleanbreak.CleanServer;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Objects;

/** A server that echoes, with a virtual thread for each connection. */
interface EchoServer extends AutoCloseable {
  int BACKLOG = 1_000;
  int MOST = 256;

  SocketAddress address();

  @Override
  void close() throws IOException;

  /** An accept loop, as it is written by hand, on the JDK's sockets. */
  static EchoServer jdk() throws IOException {
    return loop(new ServerSocket());
  }

  /** The same loop on Cleanbreak's sockets, with timeouts. */
  static EchoServer cleanLoop(String transport) throws IOException {
    return loop(
        new CleanServerSocket(
            Transports.settings(transport)
                .withReadTimeout(EchoVariant.LIMIT)
                .withWriteTimeout(EchoVariant.LIMIT)));
  }

  private static EchoServer loop(ServerSocket listener) throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (true) {
              Socket accepted = listener.accept();
              accepted.setTcpNoDelay(true);
              Thread.startVirtualThread(() -> {
                try (accepted) {
                  InputStream in = accepted.getInputStream();
                  byte[] bytes = new byte[MOST];
                  for (int n; (n = in.read(bytes)) >= 0; ) {
                    accepted.getOutputStream().write(bytes, 0, n);
                  }
                } catch (IOException _) {
                  // The client has gone; its own failure shows that.
                }
              });
            }
          } catch (IOException _) {
            // Closed.
          }
        });
    return new EchoServer() {
      @Override
      public SocketAddress address() {
        return listener.getLocalSocketAddress();
      }

      @Override
      public void close() throws IOException {
        listener.close();
      }
    };
  }

  /** {@link CleanServer}, with connections that can be told to end while they are idle. */
  static EchoServer clean(String transport) throws IOException {
    CleanServerSocket listener = new CleanServerSocket(Transports.settings(transport));
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    CleanServer<CleanSocket> server =
        CleanServer.on(
                listener,
                ServerSettings.standard(),
                (socket, connection) -> {
                  InputStream in = socket.getInputStream();
                  byte[] bytes = new byte[MOST];
                  for (int n; (n = connection.idle(() -> in.read(bytes))) >= 0; ) {
                    socket.getOutputStream().write(bytes, 0, n);
                  }
                })
            .start();
    return new EchoServer() {
      @Override
      public SocketAddress address() {
        return Objects.requireNonNull(listener.getLocalSocketAddress(), "bound");
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }
}
