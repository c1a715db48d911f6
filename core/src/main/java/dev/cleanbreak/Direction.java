package dev.cleanbreak;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an endpoint. It takes one call at a time; the others wait for their turn, and
 * that wait is cut like any other.
 *
 * <p>The turn is {@link #owner}. A call that finds it taken joins {@link #queue} and tries again
 * before it sleeps; the owner clears the turn and then looks at the queue. Both through volatile
 * variables: either the waiter gets the turn, or the owner sees it and wakes it. (The first to join
 * makes the queue, which is also before its try; an owner that sees none has cleared the turn
 * already.) A waiter that gives up passes the wake on, which may have been meant for it.
 */
final class Direction {
  /** Cuts in a row, thrown at entry to one thread, after which a caller is taken to spin. */
  static final int SPIN_LIMIT = 100;

  /** Of how many threads such cuts are counted; with more of them counting begins anew. */
  private static final int MOST_SPINNERS = 64;

  private static final VarHandle OWNER;
  private static final VarHandle SPARE;
  private static final VarHandle QUEUE;

  static {
    try {
      MethodHandles.Lookup here = MethodHandles.lookup();
      OWNER = here.findVarHandle(Direction.class, "owner", Call.class);
      SPARE = here.findVarHandle(Direction.class, "spare", Call.class);
      QUEUE = here.findVarHandle(Direction.class, "queue", Queue.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Each connection has two of this: what few of them need is made when it is needed.

  /** Who has the turn. */
  private volatile @Nullable Call owner;

  /** A call that is over, for the next one. */
  private volatile @Nullable Call spare;

  /** Those who look for calls here, or in a sibling, to do something to them. */
  private final AtomicInteger lookers;

  /** Those who wait for the turn; null until somebody does, and then the same for ever. */
  private volatile @Nullable Queue<Call> queue;

  private volatile @Nullable Readiness readiness;

  /** How often in a row each thread was cut at entry; null for never. Guarded by this. */
  private @Nullable Map<Long, Integer> entryCuts;

  /** Whether there are any. Written under the monitor. */
  private volatile boolean spinning;

  /** When bytes last moved that were progress for another call than the one that moved them. */
  private volatile long movedAt;

  /**
   * Whether the next try will probably find nothing, so that waiting first saves a system call. Of
   * the turn's holder.
   */
  boolean expectWait;

  Direction() {
    this.lookers = new AtomicInteger();
  }

  /** A direction whose calls may take the turn of {@code sibling}, too, and the other way round. */
  Direction(Direction sibling) {
    this.lookers = sibling.lookers;
  }

  /** A call of {@code endpoint} that is to begin in this direction. */
  Call newCall(Endpoint endpoint, Operation operation, long timeout) {
    Call kept = (Call) SPARE.getAndSet(this, null);
    if (kept == null) {
      return new Call(endpoint, operation, timeout);
    }
    kept.begin(operation, timeout);
    return kept;
  }

  /**
   * Keeps a call that is over, has left the turn and its scope, for the next one, unless somebody
   * may still have something to do to it. Whoever looks for calls counts in and then looks at the
   * turn; the call has left the turn, and the count is read then. So one who has found this call is
   * seen to be here, or has gone and is done with it. That may have been in another turn that the
   * call had: siblings count together.
   */
  void keep(Call call) {
    if (lookers.get() == 0 && call.rest()) {
      SPARE.setRelease(this, call);
    }
  }

  /** Takes the turn if nobody has it. */
  boolean tryAcquire(Call call) {
    return OWNER.compareAndSet(this, null, call);
  }

  /**
   * Waits for the turn; false if the call was cut instead. Bytes that others move meanwhile are
   * progress for those who wait behind them.
   *
   * @param timeout where the call's timeout is set; a change reaches it also while it waits here
   */
  boolean acquire(Call call, LongSupplier timeout) {
    if (!tryAcquire(call) && !acquireQueued(call, timeout)) {
      return false;
    }
    call.takeUp(timeout);
    return true;
  }

  private boolean acquireQueued(Call call, LongSupplier timeout) {
    Queue<Call> waiting = queue();
    waiting.add(call);
    // Whoever sets it stores it and then looks into the queue.
    call.takeUp(timeout);
    try {
      while (!tryAcquire(call)) {
        call.progressed(movedAt);
        if (!call.park()) {
          return false;
        }
      }
      return true;
    } finally {
      waiting.remove(call);
      if (owner == null) {
        wakeNext();
      }
    }
  }

  private Queue<Call> queue() {
    Queue<Call> made = queue;
    if (made == null) {
      QUEUE.compareAndSet(this, null, new ConcurrentLinkedQueue<Call>());
      made = Objects.requireNonNull(queue, "it stays");
    }
    return made;
  }

  private boolean nobodyWaits() {
    Queue<Call> waiting = queue;
    return waiting == null || waiting.isEmpty();
  }

  void release(Call call) {
    assert owner == call;
    owner = null;
    wakeNext();
  }

  private void wakeNext() {
    Queue<Call> waiting = queue;
    Call next = waiting == null ? null : waiting.peek();
    if (next != null) {
      next.wake();
    }
  }

  /** Who has the turn, to be looked at: it may be over by now, or another call. */
  @Nullable Call owner() {
    return owner;
  }

  /** The holder of the turn has moved bytes: progress for those who wait behind it. */
  void moved() {
    if (!nobodyWaits()) {
      movedAt = Ticks.now();
    }
  }

  /** Bytes have moved though nobody called: progress for everyone here. */
  void movedInTheBackground() {
    movedAt = Ticks.now();
  }

  long movedAt() {
    return movedAt;
  }

  /** Cuts the calls here that are an {@code operation}. */
  void cut(Operation operation, CutCause by) {
    forEach(call -> {
      if (call.operation == operation) {
        call.cut(by);
      }
    });
  }

  /** Cuts the call that has the turn. */
  void cutOwner(CutCause by) {
    lookers.incrementAndGet();
    try {
      Call inside = owner;
      if (inside != null) {
        inside.cut(by);
      }
    } finally {
      lookers.decrementAndGet();
    }
  }

  /** Changes the timeout of the calls here, those that wait for their turn, too. */
  void timeout(long nanos, Predicate<Operation> which) {
    forEach(call -> {
      if (which.test(call.operation)) {
        call.timeout(nanos);
      }
    });
  }

  /** Makes everyone here look again. */
  void wakeAll() {
    forEach(Call::wake);
  }

  /**
   * Adds what can be seen of the calls here; of one that is found elsewhere, too, that it waits.
   * Takes no lock. The queue is read first: whoever leaves it for the turn meanwhile is found
   * there, so that no call that stays is missed.
   */
  void addCallsTo(Map<Call, CallState> found, long now) {
    lookers.incrementAndGet();
    try {
      List<Call> waiting = snapshot();
      Call inside = owner;
      if (inside != null) {
        found.putIfAbsent(inside, inside.state(false, now));
      }
      for (Call each : waiting) {
        if (each != inside) {
          found.put(each, each.state(true, now));
        }
      }
    } finally {
      lookers.decrementAndGet();
    }
  }

  private List<Call> snapshot() {
    Queue<Call> waiting = queue;
    return waiting == null ? List.of() : List.copyOf(waiting);
  }

  private void forEach(Consumer<Call> action) {
    lookers.incrementAndGet();
    try {
      Call inside = owner;
      if (inside != null) {
        action.accept(inside);
      }
      Queue<Call> waiting = queue;
      if (waiting != null) {
        waiting.forEach(action);
      }
    } finally {
      lookers.decrementAndGet();
    }
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
   * @return how many it were in a row; beyond {@link #SPIN_LIMIT} the caller must be taken to retry
   *     for ever
   */
  synchronized int countEntryCut() {
    Map<Long, Integer> counts = entryCuts;
    if (counts == null || counts.size() >= MOST_SPINNERS) {
      counts = new HashMap<>();
      entryCuts = counts;
    }
    spinning = true;
    return counts.merge(Thread.currentThread().threadId(), 1, Integer::sum);
  }

  void resetSpin() {
    if (spinning) {
      forgetSpin();
    }
  }

  private synchronized void forgetSpin() {
    spinning = false;
    entryCuts = null;
  }
}
