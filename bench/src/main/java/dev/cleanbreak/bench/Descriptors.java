package dev.cleanbreak.bench;

import com.sun.management.UnixOperatingSystemMXBean;
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

  /** How many of {@code wanted} connections fit, if each costs {@code each} descriptors. */
  static int fitting(int wanted, int each) {
    return (int) Math.min(wanted, (limit() - open() - RESERVE) / each);
  }

  private static Object bean() {
    return ManagementFactory.getOperatingSystemMXBean();
  }
}
