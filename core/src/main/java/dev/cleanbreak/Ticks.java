package dev.cleanbreak;

import java.time.Duration;
import java.util.Objects;

/**
 * The clock of scopes and calls: nanoseconds since this class was loaded. It starts at zero, so
 * that times can be compared with {@code <} and the largest long can stand for "never".
 */
final class Ticks {
  static final long NEVER = Long.MAX_VALUE;

  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final long ORIGIN = System.nanoTime();

  private Ticks() {}

  static long now() {
    return System.nanoTime() - ORIGIN;
  }

  /** The time {@code nanos} from {@code now}; {@link #NEVER} for {@link #NEVER}. */
  static long after(long now, long nanos) {
    long at = now + nanos;
    return at < 0 ? NEVER : at;
  }

  /**
   * Checks a duration given by a user and converts it.
   *
   * @param what the name of the duration in the message
   * @throws IllegalArgumentException if it is negative or longer than a hundred years
   */
  static long nanos(String what, Duration duration) {
    Objects.requireNonNull(duration, what);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(what + " < 0: " + duration + "; give zero or more");
    }
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          what + " too long: " + duration + "; at most " + LONGEST + " (100 years)");
    }
    return duration.toNanos();
  }
}
