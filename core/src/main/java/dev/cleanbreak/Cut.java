package dev.cleanbreak;

import java.io.Serializable;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of one cut call: what ended it, who did, when, and how far the call had come.
 *
 * @param kind what ended the call
 * @param reason the words of whoever cut, or null
 * @param origin the thread that cut, with its stack; null when no thread did (a deadline, a
 *     timeout) or when the transport could not see it (an interrupt)
 * @param time when the cut was made, which may be long before this call met it
 * @param scope the name of the scope that was cut, or null when it was not a scope
 * @param call the operation that was ended
 * @param waited how long the call had waited; zero if it was cut at entry
 * @param local the local address, or null if the socket had none
 * @param remote the remote address, or null if the socket had none
 */
public record Cut(
    CutKind kind,
    @Nullable String reason,
    @Nullable CutOrigin origin,
    Instant time,
    @Nullable String scope,
    Operation call,
    Duration waited,
    @Nullable SocketAddress local,
    @Nullable SocketAddress remote)
    implements Serializable {

  /** The message of an exception about this cut. */
  String message(long bytesMoved, String after) {
    String moved = bytesMoved == 0 ? "" : "; " + bytesMoved + " bytes of this call were sent";
    return this + moved + after;
  }

  /** The cut in one line, as it stands in the exception's message. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(160);
    text.append(
        switch (kind) {
          // The JDK's words for these two: there is code that looks for them.
          case CLOSED -> "Socket closed during " + call.text();
          case TIMEOUT -> call.sentenceStart() + " timed out";
          default -> call.text() + " " + kind.text();
        });
    if (scope != null) {
      text.append(" (scope \"").append(scope).append("\")");
    }
    if (reason != null) {
      text.append(": ").append(reason);
    }
    text.append(waited.isZero() ? "; at entry" : "; after " + waited.toMillis() + " ms");
    if (remote != null) {
      text.append(", remote ").append(remote);
    }
    if (local != null) {
      text.append(", local ").append(local);
    }
    if (origin != null) {
      text.append("; ").append(origin.getMessage());
    } else if (kind == CutKind.INTERRUPTED) {
      text.append("; by an unknown thread")
          .append(waited.isZero() ? ", before this call" : " (the wait did not show who)");
    }
    return text.toString();
  }
}
