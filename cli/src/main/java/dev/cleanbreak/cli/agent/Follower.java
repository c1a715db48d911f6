package dev.cleanbreak.cli.agent;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a file that grows. A line is handed out once its end is there. Not thread-safe. */
final class Follower implements Closeable {
  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  /** Follows {@code path}, which must exist, from its beginning. */
  Follower(Path path) throws IOException {
    this.file = FileChannel.open(path);
  }

  /** The lines that have come since the last call, without their ends; empty if there are none. */
  List<String> more() throws IOException {
    List<String> lines = new ArrayList<>();
    while (file.read(buffer.clear()) > 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        byte next = buffer.get();
        if (next != '\n') {
          begun.write(next);
          continue;
        }
        lines.add(begun.toString(StandardCharsets.UTF_8));
        begun.reset();
      }
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
