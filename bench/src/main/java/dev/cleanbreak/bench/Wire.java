package dev.cleanbreak.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/** One end of a connection that carries messages of a fixed length and blocks. */
interface Wire extends Closeable {
  void send() throws IOException;

  /** Receives a whole message; false if the stream ends instead. */
  boolean receive() throws IOException;

  /** What the client does over and over. */
  default void ping() throws IOException {
    send();
    if (!receive()) {
      throw new EOFException("the echo hung up");
    }
  }

  /** What the other end does over and over; false at the end of the stream. */
  default boolean echo() throws IOException {
    if (!receive()) {
      return false;
    }
    send();
    return true;
  }

  /** Surroundings of the whole loop of a thread on this wire. */
  default Runnable around(Runnable loop) {
    return loop;
  }
}
