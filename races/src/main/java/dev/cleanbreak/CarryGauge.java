package dev.cleanbreak;

/** Lets the storm see what all sockets together owe. */
public final class CarryGauge {
  private CarryGauge() {}

  /** The memory reserved for carried bytes in this process. */
  public static long reservedBytes() {
    return CarryBudget.PROCESS.reserved();
  }
}
