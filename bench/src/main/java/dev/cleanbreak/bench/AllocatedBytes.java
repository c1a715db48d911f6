package dev.cleanbreak.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What all threads of this process have taken from the heap so far. */
final class AllocatedBytes {
  private AllocatedBytes() {}

  /** NaN where nothing tells it. */
  static double now() {
    return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
            && threads.isThreadAllocatedMemorySupported()
        ? threads.getTotalThreadAllocatedBytes()
        : Double.NaN;
  }
}
