package dev.cleanbreak;

import java.io.IOException;

/** Which type of exception ends a call that a scope, an interrupt or a shutdown has cut. */
public enum CutMapping {
  /** {@link CancelledIOException}: a TLS session goes on, and no loop takes it for a failure. */
  STANDARD,
  /**
   * {@link CutTimeoutException}: for callers that survive a timeout only. A later JDK's TLS may be
   * one of them (JDK-8370656); pgjdbc without a socket timeout retries on it.
   */
  TIMEOUT,
  /** {@link CutSocketException}: for callers that must give the connection up. */
  SOCKET;

  IOException exception(Cut cut, long bytesMoved, String after) {
    return switch (cut.kind()) {
      case DEADLINE, TIMEOUT -> new CutTimeoutException(cut, bytesMoved, after);
      case CLOSED -> new CutSocketException(cut, bytesMoved, after);
      case CANCELLED, SCOPE_ENDED, INTERRUPTED, SHUTDOWN ->
          switch (this) {
            case STANDARD -> new CancelledIOException(cut, bytesMoved, after);
            case TIMEOUT -> new CutTimeoutException(cut, bytesMoved, after);
            case SOCKET -> new CutSocketException(cut, bytesMoved, after);
          };
    };
  }
}
