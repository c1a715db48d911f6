package dev.cleanbreak.report;

import java.util.Locale;

/** What a call was about to do when it was ended. */
public enum Operation implements Named {
  READ,
  WRITE,
  ACCEPT,
  CONNECT,
  /** A TLS handshake. */
  HANDSHAKE,
  /** A datagram's. */
  RECEIVE,
  /** A datagram's. */
  SEND,
  SELECT,
  /** A wait for a lock, a queue, a time: whatever ends with an {@code InterruptedException}. */
  WAIT,
  /** A read or a write of a file. */
  FILE,
  /** Any other. */
  CALL;

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
