package dev.cleanbreak;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a descriptor from being given back while a call is inside.
 *
 * <pre>
 *   one int:  | closed (sign bit) | calls inside (31 bits) |
 *
 *   enter   counts up, unless closed; enterAgain always, for one that is inside
 *   leave   counts down; true for the last one out of a closed one
 *   close   sets the bit; true if nobody is inside
 *
 *   No-ops: enter and close of a closed one (both false).
 * </pre>
 *
 * <p>Every change is one compare-and-set of the whole word, so exactly one thread sees the step to
 * "closed and empty": the {@code close} that found it empty, or the {@code leave} that emptied it.
 * That thread gives the descriptor back, and nobody can enter after it.
 */
final class Lifetime {
  private static final int CLOSED = Integer.MIN_VALUE;

  private final AtomicInteger word = new AtomicInteger();

  /** Counts a call in; false if closed. */
  boolean enter() {
    for (; ; ) {
      int now = word.get();
      if (now < 0) {
        return false;
      }
      if (word.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Counts once more for somebody who is inside already; a close does not prevent it. */
  void enterAgain() {
    int before = word.getAndIncrement();
    assert (before & ~CLOSED) != 0 : "nobody is inside";
  }

  /** Counts a call out; true if the caller must now give the descriptor back. */
  boolean leave() {
    int left = word.decrementAndGet();
    assert (left & ~CLOSED) != ~CLOSED : "left more often than entered";
    return left == CLOSED;
  }

  /** Closes; true if the caller must now give the descriptor back. */
  boolean close() {
    for (; ; ) {
      int now = word.get();
      if (now < 0) {
        return false;
      }
      if (word.compareAndSet(now, now | CLOSED)) {
        return now == 0;
      }
    }
  }

  boolean isClosed() {
    return word.get() < 0;
  }
}
