package dev.cleanbreak.drivers;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition, with a limit against hanging. */
final class Conditions {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Conditions() {}

  static void await(String what, Callable<Boolean> condition) throws Exception {
    await(what, condition, () -> "");
  }

  /** {@code seen} tells what there is instead, once the limit has passed. */
  static void await(String what, Callable<Boolean> condition, Supplier<String> seen)
      throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain: " + what + " " + seen.get());
      }
      LockSupport.parkNanos(200_000);
    }
  }

  /** Whether a condition holds now and for as long as that. */
  static boolean holdsFor(Duration time, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    while (condition.call()) {
      if (System.nanoTime() - end >= 0) {
        return true;
      }
      LockSupport.parkNanos(10_000_000);
    }
    return false;
  }
}
