package dev.cleanbreak;

import java.util.Locale;

/** The blocking operations that a cut can end. */
public enum Operation {
  CONNECT,
  ACCEPT,
  READ,
  WRITE,
  FLUSH,
  SHUTDOWN_OUTPUT,
  RECEIVE,
  SEND,
  HANDSHAKE,
  /** {@link ScopeView#checkpoint}. */
  CHECKPOINT;

  private final String text = name().toLowerCase(Locale.ROOT).replace('_', ' ');
  private final String sentenceStart = name().charAt(0) + text.substring(1);

  /** The operation as it stands in messages. */
  String text() {
    return text;
  }

  /** As {@link #text}, with a capital letter. */
  String sentenceStart() {
    return sentenceStart;
  }

  /** Whether the write timeout is this operation's. */
  boolean hasWriteTimeout() {
    return switch (this) {
      case WRITE, FLUSH, SHUTDOWN_OUTPUT, SEND -> true;
      default -> false;
    };
  }

  /** Whether the read timeout, which a listener calls its accept timeout, is this operation's. */
  boolean hasReadTimeout() {
    return switch (this) {
      case READ, RECEIVE, ACCEPT, HANDSHAKE -> true;
      default -> false;
    };
  }
}
