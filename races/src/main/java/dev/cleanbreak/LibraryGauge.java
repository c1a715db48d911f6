package dev.cleanbreak;

import dev.cleanbreak.spi.DeadlineTimer;
import java.util.concurrent.ForkJoinPool;

/** Lets the storm see what the library holds in this process. */
public final class LibraryGauge {
  private LibraryGauge() {}

  /** The memory reserved for carried bytes. */
  public static long carriedBytes() {
    return CarryBudget.PROCESS.reserved();
  }

  /** The tasks that wait for their time: those of scopes, and of the pool that parks threads. */
  public static long waitingTimers() {
    return DeadlineTimer.waiting() + ForkJoinPool.commonPool().getDelayedTaskCount();
  }
}
