package dev.cleanbreak.epoll;

import dev.cleanbreak.spi.DeadlineTimer;
import java.util.concurrent.Future;

/** The clock of the limits of virtual threads that wait; {@link DeadlineTimer} looks at them. */
final class Deadlines {
  private static final long ORIGIN = System.nanoTime();

  private Deadlines() {}

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
    return DeadlineTimer.schedule(look, time - now());
  }
}
