package dev.cleanbreak.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.Okio;

/** Okio over {@link Socket}, with its read and write timeouts. */
record OkioEcho() implements EchoVariant {
  @Override
  public String name() {
    return "Okio, read and write timeouts";
  }

  @Override
  public Variant open(EchoLoad load) throws IOException {
    return BlockingEcho.open(name(), load, OkioEcho::connect);
  }

  private static WirePair connect(int bytes) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
      return new WirePair(new OkioWire(client, bytes), new OkioWire(listener.accept(), bytes));
    }
  }

  private static final class OkioWire implements Wire {
    private final Socket socket;
    private final BufferedSource source;
    private final BufferedSink sink;
    private final byte[] message;

    OkioWire(Socket socket, int bytes) throws IOException {
      this.socket = socket;
      this.source = Okio.buffer(Okio.source(socket));
      this.sink = Okio.buffer(Okio.sink(socket));
      this.message = new byte[bytes];
      source.timeout().timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      sink.timeout().timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      socket.setTcpNoDelay(true);
    }

    @Override
    public void send() throws IOException {
      sink.write(message);
      sink.flush();
    }

    @Override
    public boolean receive() throws IOException {
      try {
        source.readFully(message);
        return true;
      } catch (EOFException _) {
        return false;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
