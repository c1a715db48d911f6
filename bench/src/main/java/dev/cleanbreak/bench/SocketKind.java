package dev.cleanbreak.bench;

import dev.cleanbreak.CleanSocket;
import java.io.IOException;
import java.net.Socket;

/** The sockets that are compared where many of them block at once. */
enum SocketKind {
  SOCKET("java.net.Socket"),
  SOCKET_TIMEOUT("java.net.Socket + SO_TIMEOUT"),
  CLEAN("Cleanbreak"),
  CLEAN_TIMEOUT("Cleanbreak + read timeout");

  private static final int HOUR_MILLIS = 3_600_000;

  final String title;

  SocketKind(String title) {
    this.title = title;
  }

  Socket connect(Backlog peers) throws IOException {
    Socket socket = this == CLEAN || this == CLEAN_TIMEOUT ? new CleanSocket() : new Socket();
    socket.connect(peers.nextAddress());
    if (this == SOCKET_TIMEOUT || this == CLEAN_TIMEOUT) {
      socket.setSoTimeout(HOUR_MILLIS);
    }
    return socket;
  }
}
