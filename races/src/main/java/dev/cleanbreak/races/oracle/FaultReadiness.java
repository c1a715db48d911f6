package dev.cleanbreak.races.oracle;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;

/** Sleeps while the link is jammed, and cuts right before, during and after the sleep. */
final class FaultReadiness implements Readiness {
  private final Readiness real;
  private final Link link;

  FaultReadiness(Readiness real, Link link) {
    this.real = real;
    this.link = link;
    link.onOpen(real::wake);
  }

  @Override
  public void await(int interest, long nanos) throws IOException {
    Gate jam = link.jam(interest);
    Trap trap = jam == null ? null : jam.trapAtJam();
    if (jam != null && trap != null) {
      if (trap.awaits(Moment.SYSCALL)) {
        // The call sleeps before it has tried: let it find the jam.
        return;
      }
      trap.spring(Moment.BEFORE_SLEEP);
      trap.spring(Moment.ASLEEP);
      if (trap.awaits(Moment.AFTER_READY)) {
        jam.lift();
        real.await(interest, nanos);
        trap.spring(Moment.AFTER_READY);
        return;
      }
    }
    real.await(link.served(interest), nanos);
  }

  @Override
  public boolean leavesInterruptHook() {
    return real.leavesInterruptHook();
  }

  @Override
  public void wake() {
    real.wake();
  }

  @Override
  public void close() throws IOException {
    real.close();
  }
}
