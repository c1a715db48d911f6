package dev.cleanbreak;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A region of work whose blocking calls can be cut together: by {@link #cancel}, or by a deadline.
 *
 * <pre>{@code
 * CancelScope job = CancelScope.open("print job 17");
 * stopButton.onClick(() -> job.cancel("the user pressed Stop"));
 * job.run(() -> socket.getOutputStream().write(page));
 * }</pre>
 *
 * <p>Scopes form a tree: a scope opened while another is current is inside it, and is cut with it.
 * The earliest deadline of the chain applies. A cut is level-triggered: until the scope is left,
 * every call in it is cut, so that clean-up cannot hang; clean-up that must talk to the peer runs
 * in a {@link #shielded} scope. A cut closes nothing and loses nothing.
 *
 * <p>The scope is current for the thread inside {@link #run}, for forks of a {@code
 * StructuredTaskScope} made there, and for tasks passed through {@link #wrap}. It ends when {@code
 * run} or {@code call} returns, or with {@link #close}; tasks that still run under it are then cut,
 * kind {@link CutKind#SCOPE_ENDED}. Code that runs in a scope sees a {@link ScopeView} of it and
 * cannot cancel it.
 *
 * <p>Thread-safe. {@code run} and {@code call} may be entered once.
 */
public final class CancelScope implements AutoCloseable {
  private final ScopeNode node;
  private final AtomicBoolean entered = new AtomicBoolean();

  private CancelScope(String name, @Nullable Duration limit, long deadline, boolean shield) {
    Objects.requireNonNull(name, "name");
    this.node = new ScopeNode(ScopeNode.current(), name, limit, deadline, shield);
  }

  /** Work that may throw. */
  @FunctionalInterface
  public interface Body<X extends Throwable> {
    void run() throws X;
  }

  /** Work that returns something and may throw. */
  @FunctionalInterface
  public interface ResultBody<T extends @Nullable Object, X extends Throwable> {
    T call() throws X;
  }

  /** Opens a scope inside the current one, without a deadline of its own. */
  public static CancelScope open(String name) {
    return new CancelScope(name, null, Ticks.NEVER, false);
  }

  /**
   * Opens a scope whose deadline is {@code timeout} from now; zero has passed at once.
   *
   * @throws IllegalArgumentException if {@code timeout} is negative or longer than 100 years
   */
  public static CancelScope within(Duration timeout) {
    return new CancelScope("within", timeout, Deadline.after(timeout).ticks(), false);
  }

  /**
   * As {@link #within(Duration)}.
   *
   * @param name goes into the exceptions
   */
  public static CancelScope within(String name, Duration timeout) {
    return new CancelScope(name, null, Deadline.after(timeout).ticks(), false);
  }

  /** Opens a scope with an absolute deadline. */
  public static CancelScope until(Deadline deadline) {
    return new CancelScope("until deadline", null, deadline.ticks(), false);
  }

  /**
   * Opens a scope that no cut, deadline or interrupt from outside reaches: how clean-up talks to
   * the peer. It has a deadline of its own, so that clean-up cannot hang either.
   *
   * @throws IllegalArgumentException if {@code limit} is negative or longer than 100 years
   */
  public static CancelScope shielded(Duration limit) {
    return new CancelScope("shielded for", limit, Deadline.after(limit).ticks(), true);
  }

  /**
   * As {@link #shielded(Duration)}, for work that ends on demand by other means than a cut: a
   * database is asked to stop a statement. When a call inside meets an interrupt, from which the
   * shield keeps it, {@code onInterrupt} is given the exception that the call would have thrown
   * without the shield. It runs once, on a virtual thread of its own, outside every scope; what it
   * throws goes to that thread's uncaught exception handler. The call goes on, and the interrupt
   * status is set again when it returns.
   *
   * <p>Nothing is told by sockets with {@link InterruptPolicy#IGNORE}, of scopes behind a further
   * shield inside, or where this scope is itself opened under a shield.
   *
   * @throws IllegalArgumentException if {@code limit} is negative or longer than 100 years
   */
  public static CancelScope shielded(
      Duration limit, Consumer<? super CancelledIOException> onInterrupt) {
    Objects.requireNonNull(onInterrupt, "onInterrupt");
    CancelScope scope = shielded(limit);
    if (!ScopeNode.current().isShielded()) {
      scope.node.onInterrupt(onInterrupt);
    }
    return scope;
  }

  /** The scope that the current thread runs in; one that is never cut if there is none. */
  public static ScopeView current() {
    return ScopeNode.current();
  }

  /** A view of this scope, to be handed to code that may look but not cancel. */
  public ScopeView view() {
    return node;
  }

  /**
   * Sets this scope's own deadline, earlier or later; calls that wait take it up at once. A
   * deadline that has passed has cut the scope and cannot be taken back.
   *
   * @return this
   * @throws IllegalArgumentException if this is a shielded scope and {@code deadline} never passes
   */
  public CancelScope setDeadline(Deadline deadline) {
    if (deadline.isNone() && node.isShield()) {
      throw new IllegalArgumentException(
          "a shielded scope needs a deadline of its own: "
              + deadline
              + "; give one that passes, such as Deadline.after(Duration.ofSeconds(1))");
    }
    node.ownDeadline(deadline.ticks());
    return this;
  }

  /**
   * Cuts every call of this scope, now and until it is left. May be called from any thread, never
   * blocks, and is a no-op when the scope was cut before or has ended.
   *
   * @param reason goes into the exceptions: say what happened, not that something was cancelled
   * @return whether this was the cut that counts
   */
  public boolean cancel(String reason) {
    return cut(CutKind.CANCELLED, reason);
  }

  /** As {@link #cancel}, with another kind. */
  boolean cut(CutKind kind, String reason) {
    Objects.requireNonNull(reason, "reason");
    if (node.hasEnded() || node.standingCut() != null) {
      return false;
    }
    return node.cutBy(CutCause.here(kind, reason, node.name()));
  }

  /** Whether {@link #run} or {@link #call} has returned, or {@link #close} was called. */
  public boolean hasEnded() {
    return node.hasEnded();
  }

  /**
   * Runs {@code body} in this scope and ends the scope.
   *
   * @throws IllegalStateException if the scope was entered before or has ended
   * @throws X what the body throws; cut calls throw from where they stand
   */
  public <X extends Throwable> void run(Body<X> body) throws X {
    call(() -> {
      body.run();
      return Boolean.TRUE;
    });
  }

  /**
   * Runs {@code body} in this scope, ends the scope, and returns what the body returned.
   *
   * @throws IllegalStateException if the scope was entered before or has ended
   * @throws X what the body throws; cut calls throw from where they stand
   */
  public <T extends @Nullable Object, X extends Throwable> T call(ResultBody<T, X> body) throws X {
    requireOpen();
    if (!entered.compareAndSet(false, true)) {
      throw new IllegalStateException(node + " was entered before; open a new one for each run");
    }
    try {
      return ScopedValue.where(ScopeNode.CURRENT, node).call(body::call);
    } finally {
      node.end();
    }
  }

  /**
   * A task for another thread that runs in this scope.
   *
   * @throws IllegalStateException if the scope has ended
   */
  public Runnable wrap(Runnable task) {
    Objects.requireNonNull(task, "task");
    requireOpen();
    return () -> ScopedValue.where(ScopeNode.CURRENT, node).run(task);
  }

  /**
   * A task for another thread that runs in this scope.
   *
   * @throws IllegalStateException if the scope has ended
   */
  public <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    Objects.requireNonNull(task, "task");
    requireOpen();
    return () -> ScopedValue.where(ScopeNode.CURRENT, node).call(task::call);
  }

  /** Ends the scope. Tasks that still run under it are cut. Idempotent, never blocks. */
  @Override
  public void close() {
    node.end();
  }

  private void requireOpen() {
    if (node.hasEnded()) {
      throw new IllegalStateException(node + " has ended; open a new one");
    }
  }

  @Override
  public String toString() {
    return node.toString();
  }
}
