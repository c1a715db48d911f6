package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A socket under test, connected over loopback to a socket of the JDK. */
record Pair(CleanSocket socket, Socket peer) implements AutoCloseable {
  static Pair open(SocketSettings settings) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CleanSocket socket = new CleanSocket(settings);
      socket.connect(listener.getLocalSocketAddress());
      return new Pair(socket, listener.accept());
    }
  }

  InputStream in() throws IOException {
    return socket.getInputStream();
  }

  OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  InputStream peerIn() throws IOException {
    return peer.getInputStream();
  }

  OutputStream peerOut() throws IOException {
    return peer.getOutputStream();
  }

  /** Returns once a read waits. */
  void awaitReader() {
    awaitIn(socket.connection().input);
  }

  /** Returns once a write waits. */
  void awaitWriter() {
    awaitIn(socket.connection().output);
  }

  private static void awaitIn(Direction direction) {
    Conditions.await(
        "a call that sleeps",
        () -> {
          Call call = direction.owner();
          return call != null && call.isAsleep();
        });
  }

  @Override
  public void close() throws IOException {
    socket.close();
    peer.close();
  }
}
