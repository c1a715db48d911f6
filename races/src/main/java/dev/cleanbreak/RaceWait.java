package dev.cleanbreak;

import java.util.function.BooleanSupplier;

/** Waits for what another thread has yet to finish after the race. */
final class RaceWait {
  private RaceWait() {}

  /** Returns once {@code condition} holds, or when it will not any more; the caller looks. */
  static void until(BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean() && System.nanoTime() - began < RacePort.LOST_NANOS) {
      pause();
    }
  }

  /** Lets others run, without parking: a wake meant for a park must not be spent here. */
  @SuppressWarnings("ThreadPriorityCheck")
  static void pause() {
    Thread.yield();
  }
}
