package dev.cleanbreak.agent.boot;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a call ended, as its exception tells it. */
public enum Ending {
  /** It, or what it stood on, was closed. */
  CLOSED,
  /** Its thread was interrupted. */
  INTERRUPTED,
  /** Its limit was reached. */
  TIMED_OUT,
  /** The connection was reset. */
  RESET,
  /** The connection ended where it must not. */
  PEER_ENDED,
  /** The descriptor is none any more. */
  BAD_DESCRIPTOR,
  /** It returned: end of stream, after this end was shut down. */
  END_OF_STREAM,
  /** It returned: a select whose thread was interrupted. */
  SELECT_INTERRUPTED;

  /** What {@code thrown} says; null if it is nobody's doing, such as a refused connect. */
  static @Nullable Ending of(Throwable thrown) {
    if (thrown instanceof InterruptedException || thrown instanceof ClosedByInterruptException) {
      return INTERRUPTED;
    }
    if (thrown instanceof ClosedChannelException || thrown instanceof ClosedSelectorException) {
      return CLOSED;
    }
    if (thrown instanceof SocketTimeoutException) {
      return TIMED_OUT;
    }
    if (thrown instanceof EOFException) {
      return PEER_ENDED;
    }
    return thrown instanceof IOException ? ofMessage(thrown) : null;
  }

  /** The JDK's words: of Socket, of NIO, of TLS, and those of the C library behind them. */
  private static @Nullable Ending ofMessage(Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null) {
      return null;
    }
    String words = message.toLowerCase(Locale.ROOT);
    if (words.startsWith("closed by interrupt")) {
      return INTERRUPTED;
    }
    if (words.startsWith("remote host terminated")
        || words.contains("peer shut down incorrectly")) {
      return PEER_ENDED;
    }
    if (words.contains("bad file descriptor")) {
      return BAD_DESCRIPTOR;
    }
    if (words.contains("connection reset") || words.contains("broken pipe")) {
      return RESET;
    }
    boolean closed =
        words.startsWith("socket closed")
            || words.startsWith("socket is closed")
            || words.startsWith("connection or ")
            || words.startsWith("socket output is ")
            || words.startsWith("socket input is ");
    return closed && thrown instanceof SocketException ? CLOSED : null;
  }
}
