package dev.cleanbreak;

import java.util.Optional;

/**
 * What code that runs under a scope may know of it. Whoever may only look cannot cancel: a view
 * never leads to the {@link CancelScope}.
 *
 * <p>Thread-safe.
 */
public sealed interface ScopeView permits ScopeNode {
  /** The scope's name. */
  String name();

  /** The earliest deadline that applies here, up to the nearest shield. */
  Deadline deadline();

  /** Whether calls are cut here now: cancelled, past the deadline, or ended. */
  boolean isCut();

  /**
   * Throws if calls are cut here now. For long work between two calls.
   *
   * @throws CancelledIOException if the scope was cancelled or has ended
   * @throws CutTimeoutException if its deadline has passed
   */
  void checkpoint() throws java.io.IOException;

  /**
   * Runs {@code action} once when this scope is cut, on a virtual thread of its own, outside every
   * scope; at once if it is cut already. What the action throws goes to that thread's uncaught
   * exception handler.
   *
   * @return takes the action back; a no-op once it has started or the scope was left uncut
   */
  Registration onCancel(Runnable action);

  /** The reason given to {@link CancelScope#cancel}; empty if not cut or no reason was given. */
  Optional<String> reason();

  /** A registered action or listener. */
  interface Registration extends AutoCloseable {
    /** Takes it back. Idempotent; never waits for one that runs. */
    @Override
    void close();
  }
}
