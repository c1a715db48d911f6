package dev.cleanbreak;

import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * A connection with exact counts, whose calls can be cut and called again. What a call has moved is
 * always what its buffer's position says, also when it throws: after a cut, call again with the
 * same buffer and the work goes on at exactly that byte.
 *
 * <p>Thread-safe as {@link CleanSocket}; a buffer belongs to one call at a time.
 */
public final class CleanStream {
  private final CleanSocket socket;
  private final StreamConnection connection;

  /** Keeps the socket reachable. */
  CleanStream(CleanSocket socket) {
    this.socket = socket;
    this.connection = socket.connection();
  }

  /**
   * How far a write came.
   *
   * @param accepted the bytes taken from the buffer
   * @param onWire those that the kernel has
   * @param carried those that the library still has to send
   */
  public record WriteResult(int accepted, int onWire, int carried) {}

  /**
   * Reads at least one byte into {@code target}; -1 at the end of the stream. Restartable.
   *
   * @throws IllegalArgumentException if {@code target} is read-only
   */
  public int read(ByteBuffer target) throws IOException {
    requireWritable(target);
    return connection.input.read(target);
  }

  /**
   * Fills {@code target}. Restartable: when cut, what has been read stays in the buffer.
   *
   * @throws EOFException if the stream ends first; what came before is in the buffer
   * @throws IllegalArgumentException if {@code target} is read-only
   */
  public void readFully(ByteBuffer target) throws IOException {
    requireWritable(target);
    try {
      while (target.hasRemaining()) {
        if (connection.input.read(target) < 0) {
          throw new EOFException(
              "end of stream with " + target.remaining() + " bytes still expected");
        }
      }
    } finally {
      // Or the socket could be taken for dropped, and closed, between two reads.
      Reference.reachabilityFence(socket);
    }
  }

  private static void requireWritable(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer: " + target);
    }
  }

  /**
   * Writes all of {@code source} and carries nothing. Restartable: when cut, the position is at the
   * first byte that was not sent, and {@link CutException#bytesMoved} counts those that were.
   */
  public void writeFully(ByteBuffer source) throws IOException {
    connection.output.write(source, WriteMode.EXACT);
  }

  /**
   * Writes as the socket's {@link CleanSocket#getOutputStream output stream} does, and tells what
   * became of the bytes: a cut after the first one carries the rest and returns normally.
   */
  public WriteResult write(ByteBuffer source) throws IOException {
    int start = source.position();
    int carried = connection.output.write(source, connection.output.mode());
    int accepted = source.position() - start;
    return new WriteResult(accepted, accepted - carried, carried);
  }

  /** Waits until nothing is carried any more. With nothing carried it never throws for a cut. */
  public void flush() throws IOException {
    connection.output.flush();
  }

  /** The bytes accepted by cut writes that the library still has to send. */
  public int carried() {
    return connection.output.carried();
  }
}
