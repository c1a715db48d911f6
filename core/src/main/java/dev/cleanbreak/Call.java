package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One blocking call, from its first check to its return.
 *
 * <pre>
 *   RUNNING (cause == null) ---- cut ----&gt; CUT (cause stays)
 *      |      ^
 *     rest  begin                 (a call that was not cut, and that nobody else can still have)
 *      v      |
 *      AT REST
 *
 *   No-ops: a second cut. A wake of a call that does not sleep keeps it from sleeping once.
 * </pre>
 *
 * <p>The object is used for one call after the other of its direction, which costs no allocation,
 * but only while whatever was meant for an earlier call cannot reach a later one. A cut comes from
 * one who has found the call in its direction, who is counted there (see {@link Direction#keep}),
 * or in its scope, who holds the call meanwhile. A late wake is a spurious one. A late interrupter
 * is no longer watched: see {@link #endWatch}.
 *
 * <p>No wake is lost: the caller publishes where it sleeps and then looks at {@link #cause} (and at
 * the endpoint's) and at {@link #woken}, the other side stores the cause and its wake and then
 * looks where the caller sleeps; all through volatile variables, so at least one sees the other.
 * Both kinds of sleep are sticky.
 */
final class Call extends Ring.Link<Call> {
  private static final VarHandle CAUSE;

  static {
    try {
      CAUSE = MethodHandles.lookup().findVarHandle(Call.class, "cause", CutCause.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A sleep that ended within this time has not slept: a switch of threads alone takes longer. */
  private static final long NO_SLEEP_NANOS = 2_000;

  final Endpoint endpoint;
  Operation operation;
  ScopeNode scope;
  private @Nullable Thread thread;

  /** Set once, through {@link #CAUSE}. */
  private volatile @Nullable CutCause cause;

  /** Where the caller sleeps; null: parked, waiting for its turn or for another thread. */
  private volatile @Nullable Readiness sleeper;

  /** A wake has come that may have found nobody asleep. */
  private volatile boolean woken;

  /** The call's own timeout in nanoseconds, {@link Ticks#NEVER} for none. */
  private volatile long timeout;

  /** Since when the timeout runs; 0 until the call waits for the first time. */
  private volatile long since;

  /** When the call first had to wait; 0 until then. Others may look at it, as at {@link #since}. */
  private volatile long began;

  /** How many are about to cut this who have found it in a scope. */
  private final AtomicInteger holders = new AtomicInteger();

  private long fellAsleep;
  private boolean reallySlept;
  private boolean joined;
  private boolean restoreInterrupt;

  /** The status was set when a watch ended. */
  private boolean interrupted;

  /** The exception that this call ends with because it was cut. */
  private @Nullable IOException thrown;

  private Level weight = Level.DEBUG;

  /** Made at the first sleep that allows it. */
  private @Nullable InterruptWitness witness;

  Call(Endpoint endpoint, Operation operation, long timeout) {
    this.endpoint = endpoint;
    this.operation = operation;
    this.timeout = timeout;
    this.scope = ScopeNode.current();
    this.thread = Thread.currentThread();
  }

  /** Begins a call with what has been at rest. */
  void begin(Operation next, long limit) {
    operation = next;
    timeout = limit;
    scope = ScopeNode.current();
    thread = Thread.currentThread();
  }

  /**
   * Makes this ready for another call, and lets go of what belongs to this one; false if something
   * of it may still come. The call is over and has left its turn and its scope.
   */
  boolean rest() {
    // Nobody can find it in the scope any more; whoever has found it there holds it, or is done.
    if (cause != null || thrown != null || restoreInterrupt || interrupted || holders.get() != 0) {
      return false;
    }
    sleeper = null;
    woken = false;
    since = 0;
    began = 0;
    reallySlept = false;
    joined = false;
    scope = ScopeNode.ROOT;
    thread = null;
    return true;
  }

  // ---- the side that cuts

  /**
   * The call is in its scope's ring, whose monitor the caller has: it is not used again for now.
   */
  void hold() {
    holders.incrementAndGet();
  }

  void letGo() {
    holders.decrementAndGet();
  }

  void cut(CutCause by) {
    if (CAUSE.compareAndSet(this, null, by)) {
      wake();
    }
  }

  /** Makes a sleeping call look again. */
  void wake() {
    woken = true;
    Readiness at = sleeper;
    if (at != null) {
      at.wake();
    }
    LockSupport.unpark(thread);
  }

  /** Whether the caller sleeps for its port, or is about to. */
  boolean isAsleep() {
    return sleeper != null;
  }

  /** Changes the timeout of a call that may be waiting. */
  void timeout(long nanos) {
    timeout = nanos;
    wake();
  }

  /**
   * What can be seen of the call by whoever looks; it may go on meanwhile, or end.
   *
   * @param queued whether it was seen waiting for a turn
   */
  CallState state(boolean queued, long now) {
    long first = began;
    long running = since;
    long limit = timeout;
    long deadline = scope.effectiveDeadline();
    CutCause by = cause;
    Thread calling = caller();
    return new CallState(
        operation,
        queued,
        calling.getName(),
        calling.threadId(),
        calling.isVirtual(),
        Duration.ofNanos(first == 0 ? 0 : Math.max(1, now - first)),
        scope.chain(),
        left(limit == Ticks.NEVER || running == 0 ? limit : Ticks.after(running, limit) - now),
        left(deadline == Ticks.NEVER ? deadline : deadline - now),
        by == null ? null : by.kind());
  }

  private static @Nullable Duration left(long nanos) {
    return nanos == Ticks.NEVER ? null : Duration.ofNanos(Math.max(0, nanos));
  }

  // ---- the side that is cut; everything below is the calling thread's own

  @Nullable CutCause cause() {
    return cause;
  }

  boolean hasWaited() {
    return began != 0;
  }

  /**
   * Takes up a timeout that may have been changed since the call was made. Whoever changes it
   * stores it and then looks for calls; so it is read again after it was taken up.
   */
  void takeUp(LongSupplier current) {
    long taken;
    do {
      taken = current.getAsLong();
      timeout = taken;
    } while (current.getAsLong() != taken);
  }

  /** The call has made progress: its timeout starts again. */
  void progressed() {
    if (since != 0) {
      progressed(Ticks.now());
    }
  }

  /**
   * As {@link #progressed()}, for progress made {@code at} that time by whoever. What comes after
   * the timeout has passed does not count.
   */
  void progressed(long at) {
    if (since != 0 && since < at && at < timeoutAt()) {
      since = at;
    }
  }

  private long timeoutAt() {
    return timeout == Ticks.NEVER ? Ticks.NEVER : Ticks.after(since, timeout);
  }

  /** Looks once at everything that can cut a call that is about to start. */
  boolean isCutAtEntry() {
    return isCutAtEntry(null);
  }

  /**
   * As {@link #isCutAtEntry()}. The JDK closes a socket for an interrupt only where the call has to
   * wait; so does the policy that follows it.
   *
   * @param interrupt the interrupt that set the thread's status, if it is set and that is known
   */
  boolean isCutAtEntry(@Nullable CutCause interrupt) {
    CutCause standing = scope.standingCut();
    if (standing != null) {
      CAUSE.compareAndSet(this, null, standing);
    } else if (endpoint.settings().interruptPolicy() != InterruptPolicy.CLOSE) {
      lookAtInterrupt(interrupt);
    }
    return cause != null;
  }

  /**
   * Sleeps at {@code place} until it is worth trying again.
   *
   * @return false if the call was cut instead; {@link #cause} says by what
   */
  boolean await(Readiness place, int interest) throws IOException {
    if (!place.leavesInterruptHook()) {
      return sleep(place, interest);
    }
    InterruptWitness watching = witness();
    watching.beginWatch(place);
    try {
      return sleep(place, interest);
    } finally {
      endWatch(watching);
    }
  }

  /**
   * Whoever interrupts sets the status, looks whether the thread is watched, and tells the witness
   * then, which may be late. So a witness whose watch ends with the status set is not used for
   * another call; while it is not set, nobody has seen the watch. (Only the thread itself takes the
   * status back, and a call that does is not used again.)
   */
  private void endWatch(InterruptWitness watching) {
    interrupted |= watching.endWatch();
  }

  private Thread caller() {
    return Objects.requireNonNull(thread, "the call is over");
  }

  private InterruptWitness witness() {
    InterruptWitness made = witness;
    if (made == null) {
      made = new InterruptWitness();
      witness = made;
    }
    return made;
  }

  private boolean sleep(Readiness place, int interest) throws IOException {
    long left = sleepsAt(place);
    if (left <= 0) {
      return false;
    }
    if (woken) {
      // What the waker did may have come after the last try: that one is repeated first.
      woken = false;
    } else {
      place.await(interest, left);
    }
    reallySlept = Ticks.now() - fellAsleep > NO_SLEEP_NANOS;
    return !isCutNow();
  }

  /** Whether the last {@link #await} had to sleep, so that a try before it would have been vain. */
  boolean reallySlept() {
    return reallySlept;
  }

  /**
   * As {@link #park()}, for what another thread does for this call: that one is seen to interrupt
   * on both kinds of threads, since no selector takes its hook.
   *
   * @param until when to look again though nobody woke it; {@link Ticks#NEVER} for no such time
   */
  boolean park(long until) {
    InterruptWitness watching = witness();
    watching.beginWatch(null);
    try {
      return parkUntil(until);
    } finally {
      endWatch(watching);
    }
  }

  /** As {@link #await}, for a caller that waits for its turn and is unparked. */
  boolean park() {
    return parkUntil(Ticks.NEVER);
  }

  private boolean parkUntil(long until) {
    long left = sleepsAt(null);
    if (left <= 0) {
      return false;
    }
    if (until != Ticks.NEVER) {
      left = Math.min(left, Math.max(1, until - Ticks.now()));
    }
    if (left == Ticks.NEVER) {
      LockSupport.park(endpoint);
    } else {
      LockSupport.parkNanos(endpoint, left);
    }
    return !isCutNow();
  }

  /** Publishes where the call sleeps, then looks again; returns for how long it may, 0 if cut. */
  private long sleepsAt(@Nullable Readiness place) {
    long now = Ticks.now();
    fellAsleep = now;
    if (since == 0) {
      since = Math.max(1, now);
    }
    sleeper = place;
    if (!joined) {
      joined = true;
      CutCause standing = scope.join(this);
      if (standing != null) {
        CAUSE.compareAndSet(this, null, standing);
      }
    }
    if (isCutNow()) {
      return 0;
    }
    if (isLate(now)) {
      return 0;
    }
    if (began == 0) {
      began = Math.max(1, now);
    }
    long until = Math.min(timeoutAt(), scope.effectiveDeadline());
    // A deadline that has passed and does not cut is being moved: looks again at once.
    return until == Ticks.NEVER ? Ticks.NEVER : Math.max(1, until - now);
  }

  /** Whether the call's time is up; it is cut then. */
  boolean isLate() {
    return isLate(Ticks.now());
  }

  private boolean isLate(long now) {
    long timeoutAt = timeoutAt();
    long deadline = scope.effectiveDeadline();
    if (now < Math.min(timeoutAt, deadline)) {
      return false;
    }
    // Of two that have both passed, the earlier one is the cut.
    CutCause passed =
        deadline <= timeoutAt
            ? scope.standingCut(now)
            : CutCause.unseen(CutKind.TIMEOUT, null, null);
    if (passed != null) {
      CAUSE.compareAndSet(this, null, passed);
    }
    return passed != null;
  }

  /** Looks again at everything that cuts a call which has begun and need not wait. */
  boolean isCutMeanwhile() {
    if (!isCutNow()) {
      CutCause standing = scope.standingCut();
      if (standing != null) {
        CAUSE.compareAndSet(this, null, standing);
      }
    }
    return cause != null;
  }

  private boolean isCutNow() {
    CutCause closed = endpoint.closeCause();
    if (closed != null) {
      CAUSE.compareAndSet(this, null, closed);
    } else if (cause == null) {
      lookAtInterrupt(null);
    }
    return cause != null;
  }

  private void lookAtInterrupt(@Nullable CutCause known) {
    if (!caller().isInterrupted()) {
      return;
    }
    InterruptPolicy policy = endpoint.settings().interruptPolicy();
    if (scope.isShielded() || policy == InterruptPolicy.IGNORE) {
      // A set status would end every sleep at once; it is given back when the call returns.
      restoreInterrupt |= Thread.interrupted();
      if (policy != InterruptPolicy.IGNORE) {
        scope.tellInterrupt(() -> interruptKeptOff(known == null ? interruptSeen() : known));
      }
    } else if (policy == InterruptPolicy.CLOSE) {
      CutCause by = CutCause.here(CutKind.CLOSED, "Closed by interrupt", null);
      CAUSE.compareAndSet(this, null, by);
      endpoint.close(by);
    } else {
      CAUSE.compareAndSet(this, null, known == null ? interruptSeen() : known);
    }
  }

  private CancelledIOException interruptKeptOff(CutCause by) {
    return new CancelledIOException(record(by), 0, "");
  }

  private CutCause interruptSeen() {
    CutOrigin who = witness == null ? null : witness.seen();
    return new CutCause(CutKind.INTERRUPTED, null, who, Instant.now(), null);
  }

  /** Leaves the scope and restores what the call has put aside. */
  void end() {
    if (joined) {
      scope.leave(this);
    }
    if (restoreInterrupt) {
      caller().interrupt();
    }
  }

  /** The exception for this call, which was cut. */
  IOException exception(long bytesMoved) {
    thrown =
        endpoint.settings().cutMapping().exception(record(), bytesMoved, endpoint.stateAfterCut());
    return thrown;
  }

  /**
   * The exception for a caller that has been cut at entry again and again and does not stop.
   *
   * @param first whether it is the first one for this caller; the later ones weigh less in the log
   */
  IOException spinException(int times, boolean first) {
    weight = first ? Level.WARNING : Level.DEBUG;
    thrown =
        new CutSocketException(
            record(), 0, "; this thread ignored it more than " + times + " times and called again");
    return thrown;
  }

  /** Tells those outside if the call was cut. After {@link #end}: it may run code of others. */
  void report() {
    if (thrown instanceof CutException cut) {
      CutReport.tell(cut, weight);
    }
  }

  private Cut record() {
    return record(Objects.requireNonNull(cause, "the call was not cut"));
  }

  private Cut record(CutCause by) {
    long waited = began == 0 ? 0 : Math.max(1, Ticks.now() - began);
    return by.ended(
        operation,
        Duration.ofNanos(waited),
        endpoint.localAddressOrNull(),
        endpoint.remoteAddressOrNull());
  }
}
