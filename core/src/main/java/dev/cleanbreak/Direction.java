package dev.cleanbreak;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an endpoint. It takes one call at a time; the others wait for their turn, and
 * that wait is cut like any other.
 *
 * <p>The turn is {@link #owner}. A call that finds it taken joins {@link #queue} and tries again
 * before it sleeps; the owner clears the turn and then looks at the queue. Both through volatile
 * variables: either the waiter gets the turn, or the owner sees it and wakes it. A waiter that
 * gives up passes the wake on, which may have been meant for it.
 */
final class Direction {
  /** Cuts in a row, thrown at entry to one thread, after which a caller is taken to spin. */
  static final int SPIN_LIMIT = 100;

  private final AtomicReference<@Nullable Call> owner = new AtomicReference<>();
  private final ConcurrentLinkedQueue<Call> queue = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Readiness readiness;

  /** The thread that was cut at entry last. Guarded by this. */
  private long spinner;

  /** How often in a row. Written under the monitor. */
  private volatile int entryCuts;

  /**
   * Whether the next try will probably find nothing, so that waiting first saves a system call. Of
   * the turn's holder.
   */
  boolean expectWait;

  /** Waits for the turn; false if the call was cut instead. */
  boolean acquire(Call call) {
    if (owner.compareAndSet(null, call)) {
      return true;
    }
    queue.add(call);
    try {
      while (!owner.compareAndSet(null, call)) {
        if (!call.park()) {
          return false;
        }
      }
      return true;
    } finally {
      queue.remove(call);
      if (owner.get() == null) {
        wakeNext();
      }
    }
  }

  void release(Call call) {
    assert owner.get() == call;
    owner.set(null);
    wakeNext();
  }

  private void wakeNext() {
    Call next = queue.peek();
    if (next != null) {
      next.wake();
    }
  }

  @Nullable Call owner() {
    return owner.get();
  }

  /** Cuts the calls here that are an {@code operation}. */
  void cut(Operation operation, CutCause by) {
    Call inside = owner.get();
    if (inside != null && inside.operation == operation) {
      inside.cut(by);
    }
    for (Call each : queue) {
      if (each.operation == operation) {
        each.cut(by);
      }
    }
  }

  /** Makes everyone here look again. */
  void wakeAll() {
    Call inside = owner.get();
    if (inside != null) {
      inside.wake();
    }
    queue.forEach(Call::wake);
  }

  /** The sleeper of this direction; made by the holder of the turn at its first wait. */
  Readiness readiness(Port port) {
    Readiness made = readiness;
    if (made == null) {
      made = port.newReadiness();
      readiness = made;
    }
    return made;
  }

  /** Nobody waits here now; a later wait, for another port, makes another sleeper. */
  void close() throws IOException {
    Readiness made = readiness;
    if (made != null) {
      readiness = null;
      made.close();
    }
  }

  /**
   * Counts a cut at entry that cost the caller no time.
   *
   * @return whether the caller must be taken to retry for ever
   */
  synchronized boolean spins() {
    long me = Thread.currentThread().threadId();
    entryCuts = spinner == me ? entryCuts + 1 : 1;
    spinner = me;
    return entryCuts > SPIN_LIMIT;
  }

  void resetSpin() {
    if (entryCuts != 0) {
      forgetSpin();
    }
  }

  private synchronized void forgetSpin() {
    entryCuts = 0;
  }
}
