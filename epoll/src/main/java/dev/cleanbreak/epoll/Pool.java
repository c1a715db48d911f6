package dev.cleanbreak.epoll;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things that are dear to make and never thrown away, each lent to one borrower at a time. There
 * are never more of them than were lent at once.
 *
 * <p>A thread finds the thing that it had last in a slot of its own, most often: to take it and to
 * give it back is one step of one word each, and allocates nothing. The rest is behind the monitor.
 */
final class Pool<T> {
  private static final int SLOTS = 64;

  private final Supplier<T> maker;
  private final AtomicReferenceArray<@Nullable T> slots = new AtomicReferenceArray<>(SLOTS);

  /** Guarded by this. */
  private final Deque<T> spare = new ArrayDeque<>();

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  T take() {
    T mine = slots.getAndSet(slot(), null);
    return mine == null ? takeOther() : mine;
  }

  private synchronized T takeOther() {
    T other = spare.poll();
    for (int i = 0; other == null && i < SLOTS; i++) {
      if (slots.get(i) != null) {
        other = slots.getAndSet(i, null);
      }
    }
    return other == null ? maker.get() : other;
  }

  void give(T back) {
    if (!slots.compareAndSet(slot(), null, back)) {
      synchronized (this) {
        spare.push(back);
      }
    }
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & (SLOTS - 1);
  }
}
