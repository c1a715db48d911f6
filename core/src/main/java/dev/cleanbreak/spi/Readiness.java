package dev.cleanbreak.spi;

import java.io.IOException;

/**
 * Where one call at a time sleeps until its port is worth another try.
 *
 * <p>{@link #await} is called by one thread at a time; {@link #wake} by any thread at any time,
 * also before, during and after an await. A wake is sticky: one that comes before the await makes
 * it return at once. Awaits may return for no reason. An interrupt of the waiting thread ends the
 * await, leaves the status set and closes nothing.
 */
public interface Readiness {
  /** Interest in bytes to read. */
  int READ = 1;

  /** Interest in room to write. */
  int WRITE = 1 << 2;

  /** Interest in the end of a connect. */
  int CONNECT = 1 << 3;

  /** Interest in a connection to accept. */
  int ACCEPT = 1 << 4;

  /** The value of {@code nanos} that sets no limit. */
  long FOREVER = Long.MAX_VALUE;

  /**
   * Sleeps until the port is ready for {@code interest}, {@link #wake} is called, the thread is
   * interrupted or {@code nanos} have passed. Never returns early for the last reason.
   *
   * @param interest the bits of what is waited for; 0 waits for a wake only
   * @param nanos at least 1
   */
  void await(int interest, long nanos) throws IOException;

  /**
   * Whether an {@link #await} of the current thread leaves the interruption hook of that thread to
   * its caller. Then the caller can see who interrupts, and has to {@link #wake} this for it. A
   * selector has a hook of its own.
   */
  default boolean leavesInterruptHook() {
    return false;
  }

  /** Ends the present or else the next {@link #await}. Never blocks, never throws. */
  void wake();

  /** Gives back what the sleeper holds. Called once, when nobody waits or will wait. */
  void close() throws IOException;
}
