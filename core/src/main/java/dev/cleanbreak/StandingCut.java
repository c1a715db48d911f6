package dev.cleanbreak;

import org.jspecify.annotations.Nullable;

/**
 * The timeout of a write that carried its tail and so returned normally. It stands as long as the
 * peer takes nothing of the carry: the next call that must send the carry first throws it at once.
 * Otherwise its caller would hear of it after a second timeout only.
 *
 * <pre>
 *   NONE ---- a write times out and carries ----&gt; STANDING
 *     ^                                              |
 *     +---- thrown once, or the peer took a byte ----+
 * </pre>
 *
 * <p>Belongs to the holder of the output's turn.
 */
final class StandingTimeout {
  private @Nullable CutCause cause;
  private int owedThen;

  /** A write that was cut returns normally and leaves {@code owed} bytes in the carry. */
  void carried(Call call, int owed) {
    CutCause by = call.cause();
    cause = by != null && by.kind() == CutKind.TIMEOUT ? by : null;
    owedThen = owed;
  }

  /**
   * Cuts {@code call} if the timeout still stands, and forgets it. To be asked before the call
   * tries to send: the kernel takes a few bytes more of whoever does not wait until there is room.
   */
  boolean cuts(Call call, int owed) {
    CutCause standing = cause;
    cause = null;
    if (standing == null || owed == 0 || owed < owedThen) {
      return false;
    }
    call.cut(standing);
    return true;
  }
}
