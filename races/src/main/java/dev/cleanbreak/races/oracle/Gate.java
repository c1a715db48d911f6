package dev.cleanbreak.races.oracle;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a link. It counts the bytes that pass and jams after a given one.
 *
 * <pre>
 *   OPEN ---- jamAt ----&gt; SET ---- the last byte before the limit has passed ----&gt; JAMMED
 *     ^                    |                                                        |
 *     +---- open ----------+--------------------------------------------------------+
 * </pre>
 */
final class Gate {
  private static final long NOWHERE = Long.MAX_VALUE;

  private final AtomicLong passed = new AtomicLong();
  private final Runnable opened;
  private volatile long limit = NOWHERE;
  private volatile @Nullable Trap trap;

  /**
   * @param opened wakes whoever may wait for this direction
   */
  Gate(Runnable opened) {
    this.opened = opened;
  }

  /** The bytes that have passed since the link was made. */
  long passed() {
    return passed.get();
  }

  void pass(int bytes) {
    passed.addAndGet(bytes);
  }

  /** How many of {@code wanted} bytes may pass now. */
  int allowance(int wanted) {
    return (int) Math.min(wanted, limit - passed.get());
  }

  boolean isJammed() {
    return passed.get() >= limit;
  }

  /** Jams after {@code bytes} more; {@code set} is sprung there. */
  void jamAfter(long bytes, Trap set) {
    trap = set;
    limit = passed.get() + bytes;
  }

  /** The trap at the jam; null while bytes pass and where none was set. */
  @Nullable Trap trapAtJam() {
    return isJammed() ? trap : null;
  }

  /** The trap that was set last. */
  @Nullable Trap trap() {
    return trap;
  }

  /** Opens without waking anybody. */
  void lift() {
    limit = NOWHERE;
  }

  void open() {
    lift();
    opened.run();
  }

  /** Forgets the trap, and with it what it would break. */
  void disarm() {
    open();
    trap = null;
  }
}
