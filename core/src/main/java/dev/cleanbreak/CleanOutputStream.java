package dev.cleanbreak;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** What {@link CleanSocket#getOutputStream} returns. It keeps the socket reachable. */
final class CleanOutputStream extends OutputStream {
  private final CleanSocket socket;

  CleanOutputStream(CleanSocket socket) {
    this.socket = socket;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    if (length > 0) {
      socket.connection().output.write(source, offset, length);
    }
  }

  @Override
  public void flush() throws IOException {
    socket.connection().output.flush();
  }

  @Override
  public void close() {
    socket.close();
  }
}
