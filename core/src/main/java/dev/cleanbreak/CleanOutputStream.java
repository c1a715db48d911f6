package dev.cleanbreak;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

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
    ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
    if (length > 0) {
      StreamOutput stream = socket.connection().output;
      stream.write(bytes, stream.mode());
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
