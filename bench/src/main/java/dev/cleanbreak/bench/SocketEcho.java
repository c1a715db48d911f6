package dev.cleanbreak.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** {@link Socket}, with or without SO_TIMEOUT. It has no write timeout. */
record SocketEcho(boolean timeouts) implements EchoVariant {
  static final String PLAIN = "java.net.Socket";
  static final String TIMEOUT = "java.net.Socket + SO_TIMEOUT";

  @Override
  public String name() {
    return timeouts ? TIMEOUT : PLAIN;
  }

  @Override
  public Variant open(EchoLoad load) throws IOException {
    return BlockingEcho.open(name(), load, this::connect);
  }

  private WirePair connect(int bytes) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
      return new WirePair(wire(client, bytes), wire(listener.accept(), bytes));
    }
  }

  private Wire wire(Socket socket, int bytes) throws IOException {
    if (timeouts) {
      socket.setSoTimeout((int) LIMIT.toMillis());
    }
    return new SocketWire(socket, bytes);
  }
}
