package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** What {@link CleanSslSocket#getInputStream} returns. It keeps the socket reachable. */
final class TlsInputStream extends InputStream {
  private final CleanSslSocket socket;

  TlsInputStream(CleanSslSocket socket) {
    this.socket = socket;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return socket.session().input.read(ByteBuffer.wrap(target, offset, length));
    } finally {
      Reference.reachabilityFence(socket);
    }
  }

  /** As one call, like a read: cut before the first byte, or not at all. */
  @Override
  public long skip(long count) throws IOException {
    try {
      return socket.session().input.skip(count);
    } finally {
      Reference.reachabilityFence(socket);
    }
  }

  @Override
  public int available() throws IOException {
    return socket.session().input.available();
  }

  @Override
  public void close() {
    socket.close();
  }
}
