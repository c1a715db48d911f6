package dev.cleanbreak.bench;

import dev.cleanbreak.CleanSocket;
import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** The sockets that are compared where many of them block at once. */
enum SocketKind {
  SOCKET("java.net.Socket", null, false),
  SOCKET_TIMEOUT("java.net.Socket + SO_TIMEOUT", null, true),
  NIO("Cleanbreak (nio)", Transports.NIO, false),
  NIO_TIMEOUT("Cleanbreak (nio) + read timeout", Transports.NIO, true),
  EPOLL("Cleanbreak (epoll)", Transports.EPOLL, false),
  EPOLL_TIMEOUT("Cleanbreak (epoll) + read timeout", Transports.EPOLL, true);

  private static final int HOUR_MILLIS = 3_600_000;

  final String title;

  /** Null for the JDK's own. */
  private final @Nullable String transport;

  private final boolean timeout;

  SocketKind(String title, @Nullable String transport, boolean timeout) {
    this.title = title;
    this.transport = transport;
    this.timeout = timeout;
  }

  boolean isClean() {
    return transport != null;
  }

  Socket open() throws IOException {
    return transport == null ? new Socket() : new CleanSocket(Transports.settings(transport));
  }

  Socket connect(Backlog peers) throws IOException {
    Socket socket = open();
    socket.connect(peers.nextAddress());
    if (timeout) {
      socket.setSoTimeout(HOUR_MILLIS);
    }
    return socket;
  }
}
