package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A socket under test, connected over loopback to a socket of the JDK. */
record Pair(CleanSocket socket, Socket peer) implements AutoCloseable {
  private static final int SMALL = 64 * 1024;

  static Pair open(SocketSettings settings) throws IOException {
    return open(settings, false);
  }

  /** With buffers of a fixed size, so that a peer that does not read jams at once and for good. */
  static Pair openNarrow(SocketSettings settings) throws IOException {
    return open(settings, true);
  }

  private static Pair open(SocketSettings settings, boolean narrow) throws IOException {
    try (ServerSocket listener = new ServerSocket()) {
      CleanSocket socket = new CleanSocket(settings);
      if (narrow) {
        listener.setReceiveBufferSize(SMALL);
        socket.setSendBufferSize(SMALL);
      }
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
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

  /** Returns once so many bytes can be read. */
  void awaitAvailable(int count) {
    Conditions.await(count + " bytes", () -> available() == count);
  }

  private int available() {
    try {
      return in().available();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns once a read waits. */
  void awaitReader() {
    awaitIn(socket.connection().inputTurn);
  }

  /** Returns once a write waits. */
  void awaitWriter() {
    awaitIn(socket.connection().outputTurn);
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
