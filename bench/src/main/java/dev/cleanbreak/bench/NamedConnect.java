package dev.cleanbreak.bench;

import dev.cleanbreak.CleanSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A way to connect to a name with several addresses. */
enum NamedConnect {
  /** As clients do that know of more than one address; by itself a socket tries the first only. */
  IN_TURN("java.net.Socket, one address after the other, 1 s each") {
    @Override
    Socket connect(String host, int port) throws IOException {
      for (InetAddress each : InetAddress.getAllByName(host)) {
        Socket socket = new Socket();
        try {
          socket.connect(new InetSocketAddress(each, port), MILLIS_EACH);
          return socket;
        } catch (SocketTimeoutException _) {
          socket.close();
        }
      }
      throw new ConnectException("no address of " + host + " answers");
    }
  },
  RACE("Cleanbreak, by name") {
    @Override
    Socket connect(String host, int port) throws IOException {
      return new CleanSocket(host, port);
    }
  };

  private static final int MILLIS_EACH = 1_000;

  final String title;

  NamedConnect(String title) {
    this.title = title;
  }

  abstract Socket connect(String host, int port) throws IOException;
}
