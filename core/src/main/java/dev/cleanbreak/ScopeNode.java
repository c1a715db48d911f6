package dev.cleanbreak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One scope of the tree.
 *
 * <pre>
 *            cancel, deadline, cut of the outer scope
 *   OPEN ---------------------------------------------&gt; CUT
 *     |                                                  ^
 *     +---- end ----&gt; ENDED ---- somebody looks ---------+   (kind SCOPE_ENDED)
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

  /** In the past of every clock reading: what looks at an ended scope finds it overdue. */
  private static final long OVERDUE = -1;

  private final String name;
  private final @Nullable Duration limit;
  private final boolean shielded;
  private final @Nullable CutOrigin creation;

  /** The scope whose cuts and deadlines reach this one; null behind a shield and at the top. */
  private final @Nullable ScopeNode outer;

  private final Ring<ScopeNode> inner = new Ring<>();
  private final Ring<Call> calls = new Ring<>();
  private final List<Action> actions = new ArrayList<>(0);
  private @Nullable Future<?> timer;
  private long ownDeadline;
  private boolean ended;

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

  /** Whether a shield stands here or further out: interrupts do not cut under it. */
  boolean isShielded() {
    return shielded;
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
    if (now >= effectiveDeadline) {
      ScopeNode overdue = this;
      while (overdue.outer != null && now >= overdue.outer.effectiveDeadline) {
        overdue = overdue.outer;
      }
      overdue.cutOverdue(now);
    }
    return cut;
  }

  /** Cuts this scope for its deadline, unless that was moved meanwhile, or because it has ended. */
  private void cutOverdue(long now) {
    boolean over;
    boolean left;
    synchronized (this) {
      left = ended;
      over = left || now >= ownDeadline;
    }
    if (left) {
      cutBy(CutCause.unseen(CutKind.SCOPE_ENDED, "the task outlived its scope", name()));
    } else if (over) {
      cutBy(new CutCause(CutKind.DEADLINE, null, creation, java.time.Instant.now(), name()));
    }
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
      below = inner.snapshot();
      due = List.copyOf(actions);
      forgetActions();
    }
    waiting.forEach(call -> call.cut(cause));
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
    boolean deserted;
    synchronized (this) {
      ended = true;
      effectiveDeadline = OVERDUE;
      deserted = calls.isEmpty() && inner.isEmpty();
      forgetActions();
    }
    if (!deserted) {
      cutOverdue(Ticks.now());
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
   * Sets the scope's own deadline; the scopes inside are resolved anew, waiting calls look again.
   */
  void ownDeadline(long deadline) {
    synchronized (this) {
      ownDeadline = deadline;
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
      timer = ForkJoinPool.commonPool().schedule(this::deadlineTick, delay, TimeUnit.NANOSECONDS);
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

  // ---- the view

  @Override
  public String name() {
    return limit == null ? name : name + " " + limit;
  }

  @Override
  public Deadline deadline() {
    long at = effectiveDeadline;
    return Deadline.ofTicks(at == OVERDUE ? 0 : at);
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
      throw CutMapping.STANDARD.exception(
          standing.ended(Operation.CHECKPOINT, Duration.ZERO, null, null), 0, "");
    }
  }

  @Override
  public Registration onCancel(Runnable body) {
    Action action = new Action(body);
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
