package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** What {@link CleanSocket#getInputStream} returns. It keeps the socket reachable. */
final class CleanInputStream extends InputStream {
  private final CleanSocket socket;

  CleanInputStream(CleanSocket socket) {
    this.socket = socket;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    return socket.connection().input.read(target, offset, length);
  }

  /** As one call, like a read: cut before the first byte, or not at all. */
  @Override
  public long skip(long count) throws IOException {
    return socket.connection().input.skip(count);
  }

  @Override
  public int available() throws IOException {
    return socket.connection().input.available();
  }

  @Override
  public void close() {
    socket.close();
  }
}
