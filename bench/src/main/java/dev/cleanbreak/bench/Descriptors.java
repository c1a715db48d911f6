package dev.cleanbreak.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** The file descriptors of this process, where the operating system has such a thing. */
final class Descriptors {
  /** Kept free for jars, listeners and whatever else the JVM opens. */
  private static final long RESERVE = 500;

  private Descriptors() {}

  static long open() {
    return bean() instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0;
  }

  /** The limit of the process; the JVM has raised it as far as it may. */
  static long limit() {
    return bean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /**
   * How many of {@code wanted} connections fit, if each costs {@code each} descriptors.
   *
   * @throws IOException if none does
   */
  static int fitting(int wanted, int each) throws IOException {
    long fitting = Math.min(wanted, (limit() - open() - RESERVE) / each);
    if (fitting < 1) {
      throw new IOException(
          "the process may have no more than " + limit() + " descriptors; raise ulimit -n");
    }
    return (int) fitting;
  }

  private static Object bean() {
    return ManagementFactory.getOperatingSystemMXBean();
  }
}
