package dev.cleanbreak;

import org.jspecify.annotations.Nullable;

/**
 * The cut of a write that carried its tail and so returned normally: nobody has heard of it yet.
 *
 * <pre>
 *   NONE ---- a write is cut and carries ----&gt; STANDING
 *     ^                                            |
 *     +---- the next call that wants to send ------+
 * </pre>
 *
 * <p>A timeout is thrown by the next call at once, unless the peer has taken some of the carry
 * meanwhile: otherwise its caller would hear of it after a second timeout only. An interrupt keeps
 * its return address: if the thread's status still stands at its next call, this is why.
 *
 * <p>Belongs to the holder of the output's turn.
 */
final class StandingCut {
  private @Nullable CutCause cause;
  private int owedThen;
  private long threadThen;

  /** A write that was cut returns normally and leaves {@code owed} bytes in the carry. */
  void carried(Call call, int owed) {
    cause = call.cause();
    owedThen = owed;
    threadThen = Thread.currentThread().threadId();
  }

  /**
   * Looks at everything that can cut {@code call} before it starts to send; then the earlier cut is
   * told, or over. To be asked before the call tries to send: the kernel takes a few bytes more of
   * whoever does not wait until there is room.
   *
   * @param owed what is carried now
   */
  boolean cuts(Call call, int owed) {
    CutCause standing = cause;
    cause = null;
    boolean mine = threadThen == Thread.currentThread().threadId();
    if (call.isCutAtEntry(mine && isA(CutKind.INTERRUPTED, standing) ? standing : null)) {
      return true;
    }
    if (standing == null || !isA(CutKind.TIMEOUT, standing) || owed == 0 || owed < owedThen) {
      return false;
    }
    call.cut(standing);
    return true;
  }

  private static boolean isA(CutKind kind, @Nullable CutCause cause) {
    return cause != null && cause.kind() == kind;
  }
}
