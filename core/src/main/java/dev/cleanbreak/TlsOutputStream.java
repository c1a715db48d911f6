package dev.cleanbreak;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** What {@link CleanSslSocket#getOutputStream} returns. It keeps the socket reachable. */
final class TlsOutputStream extends OutputStream {
  private final CleanSslSocket socket;

  TlsOutputStream(CleanSslSocket socket) {
    this.socket = socket;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    try {
      socket.session().output.write(ByteBuffer.wrap(source, offset, length));
    } finally {
      Reference.reachabilityFence(socket);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      socket.session().output.flush();
    } finally {
      Reference.reachabilityFence(socket);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
