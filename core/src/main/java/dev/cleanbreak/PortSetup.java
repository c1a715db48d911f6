package dev.cleanbreak;

import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a port before it was connected, to be asked of the one that takes its place: a
 * port whose connect has failed cannot be connected again. Thread-safe.
 */
final class PortSetup {
  /** In the order in which they were set; null for none, which is usual. */
  private @Nullable Map<SocketOption<?>, Object> options;

  private boolean urgentInline;
  private boolean bound;
  private @Nullable SocketAddress local;

  synchronized <T> void set(SocketOption<T> option, T value) {
    if (options == null) {
      options = new LinkedHashMap<>();
    }
    options.put(option, value);
  }

  synchronized void urgentInline(boolean on) {
    urgentInline = on;
  }

  /** The address as it was asked for: port 0 may become another port each time. */
  synchronized void bound(@Nullable SocketAddress address) {
    bound = true;
    local = address;
  }

  /** Options first: some take effect at bind and connect only. */
  synchronized void applyTo(StreamPort port) throws IOException {
    applyOptionsTo(port);
    if (bound) {
      port.bind(local);
    }
  }

  /** As {@link #applyTo}, for a port that has its address. */
  synchronized void applyOptionsTo(StreamPort port) throws IOException {
    if (options != null) {
      for (Map.Entry<SocketOption<?>, Object> each : options.entrySet()) {
        apply(port, each.getKey(), each.getValue());
      }
    }
    if (urgentInline) {
      port.urgentInline(true);
    }
  }

  @SuppressWarnings("unchecked") // set() has put a value of the option's own type
  private static <T> void apply(StreamPort port, SocketOption<T> option, Object value)
      throws IOException {
    port.setOption(option, (T) value);
  }
}
