package dev.cleanbreak.spi;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * For a transport's poller that is itself a virtual thread: lets those run that it has just
 * unparked. A yield keeps the poller in its carrier's own queue, and a carrier looks elsewhere only
 * once that is empty: with traffic all the time, and one carrier, whatever a platform thread starts
 * or unparks, a timer's threads among them, would never run. So once in a while the poller leaves
 * that queue. As a carrier stays with the queue that it took its last task from, too, the poller
 * comes back by two ways in turn: by the timer, and by a yield out of an empty queue, which the JDK
 * hands in from outside.
 *
 * <p>Belongs to one thread.
 */
public final class PollerTurns {
  /** For how long at most threads that others than virtual threads unpark may wait for traffic. */
  private static final long TURN_NANOS = Duration.ofMillis(1).toNanos();

  private long began;
  private boolean endsByTimer;

  /** Turns of a poller that starts now. */
  public PollerTurns(long now) {
    began = now;
  }

  /**
   * Yields to those that were unparked.
   *
   * @param now the time in nanoseconds, by whatever clock does not go back
   */
  @SuppressWarnings("ThreadPriorityCheck") // the yields are the point
  public void giveWay(long now) {
    if (now - began < TURN_NANOS) {
      Thread.yield();
      return;
    }
    began = now;
    endsByTimer = !endsByTimer;
    if (endsByTimer) {
      LockSupport.parkNanos(1);
    } else {
      Thread.yield();
      Thread.yield();
    }
  }
}
