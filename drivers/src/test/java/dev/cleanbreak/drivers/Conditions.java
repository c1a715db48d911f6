package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, with a limit against hanging. */
final class Conditions {
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private Conditions() {}

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.call()) {
      assertTrue(System.nanoTime() - end < 0, () -> "waited in vain: " + what);
      LockSupport.parkNanos(1_000_000);
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
