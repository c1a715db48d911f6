package dev.cleanbreak.bench;

import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.SocketSettings;
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

  /** One for all sockets, as a factory has it; null for the JDK's own. */
  @SuppressWarnings("ImmutableEnumChecker") // it is immutable
  private final @Nullable SocketSettings settings;

  private final boolean timeout;

  SocketKind(String title, @Nullable String transport, boolean timeout) {
    this.title = title;
    this.settings = transport == null ? null : Transports.settings(transport);
    this.timeout = timeout;
  }

  boolean isClean() {
    return settings != null;
  }

  Socket open() throws IOException {
    return settings == null ? new Socket() : new CleanSocket(settings);
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
