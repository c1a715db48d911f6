package dev.cleanbreak;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call inside a socket, as {@link CleanSockets#dump} saw it.
 *
 * @param operation what it does
 * @param queued whether it waits for another call to give the turn up; else for the peer, if it
 *     waits
 * @param threadName the name of its thread; empty for an unnamed virtual thread
 * @param threadId the {@linkplain Thread#threadId() id} of its thread
 * @param virtual whether its thread is virtual
 * @param waited the time since it first had to wait, for its turn or for the peer; zero if it has
 *     not had to
 * @param scopes the names of the scopes that it runs in, the innermost first, up to the nearest
 *     shield
 * @param timeoutLeft what is left of its own timeout, zero if that has passed; null for none
 * @param deadlineLeft what is left until the deadline of its scopes, zero if that has passed; null
 *     for none
 * @param cut what has cut it, if it is on its way out; else null
 */
public record CallState(
    Operation operation,
    boolean queued,
    String threadName,
    long threadId,
    boolean virtual,
    Duration waited,
    List<String> scopes,
    @Nullable Duration timeoutLeft,
    @Nullable Duration deadlineLeft,
    @Nullable CutKind cut) {
  private static final long MOST_MILLIS = 10_000;
  private static final long MOST_SECONDS = 600;

  /** Copies the list. */
  public CallState {
    scopes = List.copyOf(scopes);
  }

  /** The call in one line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(128).append(operation.text());
    if (queued) {
      text.append(" waits for its turn, ").append(inShort(waited));
    } else if (waited.isZero()) {
      text.append(" runs");
    } else {
      text.append(" waits, ").append(inShort(waited));
    }
    if (cut != null) {
      text.append(", ").append(cut.text());
    }
    if (timeoutLeft != null) {
      text.append(", timeout in ").append(inShort(timeoutLeft));
    }
    if (deadlineLeft != null) {
      text.append(", deadline in ").append(inShort(deadlineLeft));
    }
    if (!scopes.isEmpty()) {
      text.append(", scope \"").append(String.join("\" in \"", scopes)).append('"');
    }
    text.append(virtual ? ", virtual thread \"" : ", thread \"").append(threadName);
    return text.append("\" #").append(threadId).toString();
  }

  /** To about three digits: what a reader can take in. */
  private static String inShort(Duration time) {
    if (time.toMillis() < MOST_MILLIS) {
      return time.toMillis() + " ms";
    }
    return time.toSeconds() < MOST_SECONDS ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }
}
