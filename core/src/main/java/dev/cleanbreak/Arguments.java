package dev.cleanbreak;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Checks what users give to sockets: the JDK's exceptions, with the value and what is accepted. */
final class Arguments {
  private static final int MAX_TRAFFIC_CLASS = 255;

  private Arguments() {}

  static void present(String operation, @Nullable SocketAddress address) {
    if (address == null) {
      throw new IllegalArgumentException(operation + ": The address can't be null");
    }
  }

  static InetSocketAddress inetAddress(String operation, @Nullable SocketAddress address) {
    if (address == null) {
      throw new IllegalArgumentException(operation + ": The address can't be null");
    }
    if (!(address instanceof InetSocketAddress inet)) {
      throw new IllegalArgumentException(
          "Unsupported address type: "
              + address.getClass().getName()
              + "; give an InetSocketAddress");
    }
    InetAddress ip = inet.getAddress();
    if (ip != null && !(ip instanceof Inet4Address || ip instanceof Inet6Address)) {
      throw new IllegalArgumentException(operation + ": invalid address type: " + ip);
    }
    return inet;
  }

  /** Milliseconds, 0 for none, to nanoseconds, {@link Ticks#NEVER} for none. */
  static long timeoutNanos(int millis) {
    if (millis < 0) {
      throw new IllegalArgumentException(
          "timeout can't be negative: " + millis + "; give 0 for none");
    }
    return millis == 0 ? Ticks.NEVER : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** The way back; what is left below a millisecond counts as one, since 0 stands for none. */
  static int timeoutMillis(long nanos) {
    if (nanos == Ticks.NEVER) {
      return 0;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    return Math.clamp(millis, 1, Integer.MAX_VALUE);
  }

  static int positive(String what, int size) {
    if (size <= 0) {
      throw new IllegalArgumentException(
          "invalid " + what + ": " + size + "; give 1 or more bytes");
    }
    return size;
  }

  static int trafficClass(int tc) {
    if (tc < 0 || tc > MAX_TRAFFIC_CLASS) {
      throw new IllegalArgumentException("tc is not in range 0 -- 255: " + tc);
    }
    return tc;
  }
}
