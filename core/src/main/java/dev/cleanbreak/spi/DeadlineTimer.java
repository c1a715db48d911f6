package dev.cleanbreak.spi;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the clock for what does not look itself: the actions of scopes, and the virtual threads
 * that a transport lets wait. One platform thread for all, gone when idle: a pool that others use
 * may be full of the very calls that an action is to end, and every carrier may be busy.
 *
 * <p>Thread-safe.
 */
public final class DeadlineTimer {
  private static final long IDLE_SECONDS = 5;
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private DeadlineTimer() {}

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform()
                .daemon()
                .name("cleanbreak-deadlines")
                .inheritInheritableThreadLocals(false)
                .factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  /**
   * Runs {@code look}, which must be short, in {@code nanos}; at once for 0 or less. What it throws
   * is lost.
   */
  public static Future<?> schedule(Runnable look, long nanos) {
    return TIMER.schedule(look, nanos, TimeUnit.NANOSECONDS);
  }

  /** How many looks wait for their time. */
  public static int waiting() {
    return TIMER.getQueue().size();
  }
}
