package dev.cleanbreak;

import java.util.concurrent.atomic.AtomicLong;

/** What several sockets together may owe. Thread-safe. */
final class CarryBudget {
  /** That of all sockets of this process. */
  static final CarryBudget PROCESS =
      new CarryBudget(
          Long.getLong(
              "dev.cleanbreak.carryCap",
              Math.min(256L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8)));

  private final long cap;
  private final AtomicLong reserved = new AtomicLong();

  /**
   * A budget of its own.
   *
   * @param cap in bytes
   */
  CarryBudget(long cap) {
    this.cap = cap;
  }

  /**
   * Takes {@code bytes} out of the budget, or gives back what is less than zero; false, with
   * nothing taken, if they do not fit.
   */
  boolean reserve(int bytes) {
    if (reserved.addAndGet(bytes) <= cap || bytes <= 0) {
      return true;
    }
    reserved.addAndGet(-bytes);
    return false;
  }

  void release(int bytes) {
    reserved.addAndGet(-bytes);
  }

  long reserved() {
    return reserved.get();
  }
}
