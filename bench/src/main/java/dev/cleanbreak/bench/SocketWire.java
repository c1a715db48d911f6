package dev.cleanbreak.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A wire over the streams of a socket, the JDK's or Cleanbreak's. */
class SocketWire implements Wire {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] message;

  SocketWire(Socket socket, int bytes) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.message = new byte[bytes];
    socket.setTcpNoDelay(true);
  }

  @Override
  public final void send() throws IOException {
    out.write(message);
  }

  @Override
  public final boolean receive() throws IOException {
    for (int done = 0; done < message.length; ) {
      int n = in.read(message, done, message.length - done);
      if (n < 0) {
        return false;
      }
      done += n;
    }
    return true;
  }

  @Override
  public final void close() throws IOException {
    socket.close();
  }
}
