package dev.cleanbreak.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The time that all threads of this process have had a processor. */
final class CpuTime {
  private CpuTime() {}

  /** In nanoseconds; NaN where nothing tells it. */
  static double now() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : Double.NaN;
  }
}
