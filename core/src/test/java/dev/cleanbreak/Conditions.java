package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a limit against hanging. */
final class Conditions {
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private Conditions() {}

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, () -> "waited in vain: " + what);
      LockSupport.parkNanos(100_000);
    }
  }
}
