package dev.cleanbreak;

import dev.cleanbreak.spi.DeadlineTimer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One scope of the tree.
 *
 * <pre>
 *            cancel, deadline, cut of the outer scope
 *   OPEN ---------------------------------------------&gt; CUT
 *     |                                                  ^
 *     +---- end ----&gt; ENDED ---- somebody looks ---------+   (kind SCOPE_ENDED, or that of
 *                                                             an earlier deadline)
 *
 *   No-ops: every step out of CUT (the first cut wins and stays), a second end.
 * </pre>
 *
 * <p>The monitor guards the links, the actions and the scope's own deadline; monitors are taken
 * from the outer scope to the inner one only. {@link #cut} and {@link #effectiveDeadline} are read
 * without it. No call that waits can be missed: a call joins under the monitor and is refused there
 * if a cut stands; a cut is stored under the monitor before the calls are collected.
 */
final class ScopeNode extends Ring.Link<ScopeNode> implements ScopeView {
  /** Stands for "no scope": never cut, without a deadline, and nothing is linked to it. */
  static final ScopeNode ROOT = new ScopeNode(null, "none", null, Ticks.NEVER, false);

  static final ScopedValue<ScopeNode> CURRENT = ScopedValue.newInstance();

  private static final boolean RECORD_CREATION = Boolean.getBoolean("dev.cleanbreak.scopeStacks");

  private final String name;
  private final @Nullable Duration limit;
  private final boolean shield;
  private final boolean shielded;
  private final @Nullable CutOrigin creation;

  /** The scope whose cuts and deadlines reach this one; null behind a shield and at the top. */
  private final @Nullable ScopeNode outer;

  /** Hears of the first interrupt that this shield keeps off; null once it has, or if nobody. */
  private @Nullable Consumer<? super CancelledIOException> onInterrupt;

  private final Ring<ScopeNode> inner = new Ring<>();
  private final Ring<Call> calls = new Ring<>();
  private final List<Action> actions = new ArrayList<>(0);
  private @Nullable Future<?> timer;
  private boolean ended;

  /** The end came before the deadline. Written once, under the monitor. */
  private boolean endedFirst;

  /** When this scope is cut by itself: its deadline, or its end. Written under the monitor. */
  private volatile long ownDeadline;

  /** The deadline is not the one that {@link #limit} tells any more. */
  private volatile boolean moved;

  /** The minimum of the chain up to the nearest shield. Written under the monitor. */
  private volatile long effectiveDeadline;

  /** Written once, under the monitor. */
  private volatile @Nullable CutCause cut;

  /**
   * Makes an inner scope of {@code parent}.
   *
   * @param limit is part of the name if not null
   * @param shield whether cuts, deadlines and interrupts from outside stop here
   */
  ScopeNode(
      @Nullable ScopeNode parent,
      String name,
      @Nullable Duration limit,
      long deadline,
      boolean shield) {
    this.name = name;
    this.limit = limit;
    this.shield = shield;
    this.shielded = shield || (parent != null && parent.shielded);
    this.creation = RECORD_CREATION ? CutOrigin.here("scope created") : null;
    this.ownDeadline = deadline;
    this.effectiveDeadline = deadline;
    this.outer = shield || parent == ROOT ? null : parent;
    if (outer != null) {
      outer.adopt(this);
    }
  }

  static ScopeNode current() {
    return CURRENT.orElse(ROOT);
  }

  private synchronized void adopt(ScopeNode child) {
    inner.add(child);
    child.effectiveDeadline = Math.min(child.ownDeadline, effectiveDeadline);
    child.cut = cut;
  }

  /** Whether cuts from outside stop here. */
  boolean isShield() {
    return shield;
  }

  /** Whether a shield stands here or further out: interrupts do not cut under it. */
  boolean isShielded() {
    return shielded;
  }

  /** The names of this scope and those outside it, up to the nearest shield; none for no scope. */
  List<String> chain() {
    List<String> names = new ArrayList<>();
    for (ScopeNode each = this == ROOT ? null : this; each != null; each = each.outer) {
      names.add(each.name());
    }
    return names;
  }

  long effectiveDeadline() {
    return effectiveDeadline;
  }

  // ---- cuts

  /** The cut that stands now, after a look at the clock; null if calls may go on. */
  @Nullable CutCause standingCut() {
    CutCause standing = cut;
    if (standing != null) {
      return standing;
    }
    return effectiveDeadline == Ticks.NEVER ? null : standingCut(Ticks.now());
  }

  /** As {@link #standingCut()} for a clock already read. */
  @Nullable CutCause standingCut(long now) {
    if (cut == null && now >= effectiveDeadline) {
      ScopeNode first = this;
      for (ScopeNode each = outer; each != null; each = each.outer) {
        if (each.ownDeadline <= first.ownDeadline) {
          first = each;
        }
      }
      CutCause by = first.cutOverdue(now);
      if (by != null) {
        // An ended scope is not linked to the outer one any more.
        cutBy(by);
      }
    }
    return cut;
  }

  /** Cuts this scope because its time is over; null if that was moved meanwhile. */
  private @Nullable CutCause cutOverdue(long now) {
    boolean outlived;
    synchronized (this) {
      if (now < ownDeadline) {
        return cut;
      }
      outlived = endedFirst;
    }
    cutBy(
        outlived
            ? CutCause.unseen(CutKind.SCOPE_ENDED, "the task outlived its scope", name())
            : new CutCause(CutKind.DEADLINE, null, creation, Instant.now(), name()));
    return cut;
  }

  /** Cuts this scope and those inside it, but for shields; false if it was cut before. */
  boolean cutBy(CutCause cause) {
    List<Call> waiting;
    List<ScopeNode> below;
    List<Action> due;
    synchronized (this) {
      if (cut != null) {
        return false;
      }
      cut = cause;
      waiting = calls.snapshot();
      // Still in the ring: a call that leaves later is not used again before it is let go.
      waiting.forEach(Call::hold);
      below = inner.snapshot();
      due = List.copyOf(actions);
      forgetActions();
    }
    for (Call each : waiting) {
      each.cut(cause);
      each.letGo();
    }
    below.forEach(child -> child.cutBy(cause));
    due.forEach(Action::start);
    return true;
  }

  /** Ends the scope: the outer one forgets it, and what still runs under it is cut. */
  void end() {
    if (outer != null) {
      synchronized (outer) {
        outer.inner.remove(this);
      }
    }
    long now = Ticks.now();
    boolean deserted;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      endedFirst = now < ownDeadline;
      ownDeadline = Math.min(ownDeadline, now);
      effectiveDeadline = Math.min(effectiveDeadline, now);
      deserted = calls.isEmpty() && inner.isEmpty();
      forgetActions();
    }
    if (!deserted) {
      standingCut(now);
    }
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  // ---- calls that wait

  /** Adds a call that is about to wait; returns the cut instead if one stands. */
  @Nullable CutCause join(Call call) {
    if (this == ROOT) {
      return null;
    }
    synchronized (this) {
      if (cut == null) {
        calls.add(call);
      }
      return cut;
    }
  }

  void leave(Call call) {
    if (this != ROOT) {
      synchronized (this) {
        calls.remove(call);
      }
    }
  }

  // ---- deadlines

  /**
   * Sets the scope's own deadline, unless it was cut or has ended; the scopes inside are resolved
   * anew, waiting calls look again.
   */
  void ownDeadline(long deadline) {
    if (standingCut() != null) {
      return;
    }
    synchronized (this) {
      if (ended) {
        return;
      }
      ownDeadline = deadline;
      moved = true;
    }
    resolve();
  }

  private void resolve() {
    List<Call> waiting;
    List<ScopeNode> below;
    synchronized (this) {
      if (ended) {
        return;
      }
      // Read under the monitor: of two changes further out, the later one resolves last.
      long outerDeadline = outer == null ? Ticks.NEVER : outer.effectiveDeadline;
      effectiveDeadline = Math.min(ownDeadline, outerDeadline);
      waiting = calls.snapshot();
      below = inner.snapshot();
      watchDeadline();
    }
    waiting.forEach(Call::wake);
    below.forEach(ScopeNode::resolve);
  }

  // ---- actions

  /**
   * Calls look at the clock themselves, actions cannot: while there are any, a timer does it for
   * them. A timer that comes too early, because the deadline was moved, sets the next.
   */
  private void watchDeadline() {
    assert Thread.holdsLock(this);
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    if (!actions.isEmpty() && effectiveDeadline != Ticks.NEVER) {
      long delay = Math.max(0, effectiveDeadline - Ticks.now());
      timer = DeadlineTimer.schedule(this::deadlineTick, delay);
    }
  }

  private void deadlineTick() {
    if (standingCut() == null) {
      synchronized (this) {
        watchDeadline();
      }
    }
  }

  private void forgetActions() {
    assert Thread.holdsLock(this);
    actions.clear();
    watchDeadline();
  }

  private void takeBack(Action action) {
    synchronized (this) {
      if (actions.remove(action)) {
        watchDeadline();
      }
    }
  }

  /** An action of {@link #onCancel}: started or taken back, whichever comes first. */
  private final class Action implements Registration {
    private final Runnable body;
    private final AtomicBoolean settled = new AtomicBoolean();

    Action(Runnable body) {
      this.body = body;
    }

    void start() {
      if (settled.compareAndSet(false, true)) {
        Thread.ofVirtual().name("cleanbreak-on-cancel").start(body);
      }
    }

    @Override
    public void close() {
      if (settled.compareAndSet(false, true)) {
        takeBack(this);
      }
    }
  }

  // ---- interrupts under a shield

  synchronized void onInterrupt(Consumer<? super CancelledIOException> action) {
    assert shield;
    onInterrupt = action;
  }

  /** The nearest shield keeps an interrupt from a call; whoever wants to know of it is told. */
  void tellInterrupt(Supplier<CancelledIOException> interrupt) {
    ScopeNode nearest = this;
    while (nearest.outer != null) {
      nearest = nearest.outer;
    }
    Consumer<? super CancelledIOException> action;
    synchronized (nearest) {
      action = nearest.onInterrupt;
      nearest.onInterrupt = null;
    }
    if (action != null) {
      CancelledIOException told = interrupt.get();
      Thread.ofVirtual().name("cleanbreak-on-interrupt").start(() -> action.accept(told));
    }
  }

  // ---- the view

  @Override
  public String name() {
    return limit == null ? name : name + " " + limit + (moved ? ", moved" : "");
  }

  @Override
  public Deadline deadline() {
    return Deadline.ofTicks(effectiveDeadline);
  }

  @Override
  public boolean isCut() {
    return standingCut() != null;
  }

  @Override
  public Optional<String> reason() {
    CutCause standing = standingCut();
    return Optional.ofNullable(standing == null ? null : standing.reason());
  }

  @Override
  public void checkpoint() throws IOException {
    CutCause standing = standingCut();
    if (standing != null) {
      IOException thrown =
          CutMapping.STANDARD.exception(
              standing.ended(Operation.CHECKPOINT, Duration.ZERO, null, null), 0, "");
      CutReport.tell((CutException) thrown, Level.DEBUG);
      throw thrown;
    }
  }

  @Override
  public Registration onCancel(Runnable body) {
    Action action = new Action(Objects.requireNonNull(body, "action"));
    boolean late = standingCut() != null;
    synchronized (this) {
      if (!late && cut == null && !ended) {
        if (this != ROOT) {
          actions.add(action);
          watchDeadline();
        }
        return action;
      }
    }
    action.start();
    return action;
  }

  @Override
  public String toString() {
    return "scope \"" + name() + "\"";
  }
}
