package dev.cleanbreak.epoll;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the limits of virtual threads that wait. A platform thread of its own, gone when idle,
 * so that limits are kept while every carrier is busy.
 */
final class Deadlines {
  private static final long ORIGIN = System.nanoTime();
  private static final long IDLE_SECONDS = 5;
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private Deadlines() {}

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform()
                .daemon()
                .name("cleanbreak-epoll-deadlines")
                .inheritInheritableThreadLocals(false)
                .factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  /** Nanoseconds since this class was loaded. */
  static long now() {
    return System.nanoTime() - ORIGIN;
  }

  /** The time {@code nanos} from now, or the latest there is. */
  static long after(long nanos) {
    long at = now() + nanos;
    return at < 0 ? Long.MAX_VALUE - 1 : at;
  }

  static Future<?> at(long time, Runnable look) {
    return TIMER.schedule(look, time - now(), TimeUnit.NANOSECONDS);
  }
}
