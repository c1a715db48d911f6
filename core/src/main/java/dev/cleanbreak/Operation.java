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
  LOOKUP,
  /** {@link ScopeView#checkpoint}. */
  CHECKPOINT;

  private final String text = name().toLowerCase(Locale.ROOT).replace('_', ' ');

  /** The operation as it stands in messages. */
  String text() {
    return text;
  }
}
