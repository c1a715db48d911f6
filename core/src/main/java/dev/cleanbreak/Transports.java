package dev.cleanbreak;

import dev.cleanbreak.spi.Transport;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the transport of sockets whose settings name none: the one that the property names, or
 * else the first that is found and can be used here, or else NIO.
 */
final class Transports {
  private static final String PROPERTY = "dev.cleanbreak.transport";

  private Transports() {}

  /** Each once, in the order of preference; NIO, the last one, is always usable. */
  private static final class Known {
    static final List<Transport> ALL = all();

    private static List<Transport> all() {
      List<Transport> all = new ArrayList<>();
      ServiceLoader.load(Transport.class, Transport.class.getClassLoader()).forEach(all::add);
      all.add(NioTransport.INSTANCE);
      return List.copyOf(all);
    }
  }

  private static final class Chosen {
    static final Transport TRANSPORT = choose(System.getProperty(PROPERTY));
  }

  static Transport standard() {
    return Chosen.TRANSPORT;
  }

  static Transport choose(@Nullable String name) {
    return name == null ? firstUsable() : named(name);
  }

  /**
   * The one of that name.
   *
   * @throws IllegalArgumentException if there is none, or it cannot be used here
   */
  static Transport named(String name) {
    for (Transport each : Known.ALL) {
      if (each.name().equals(name)) {
        String whyNot = each.whyNot(true);
        if (whyNot != null) {
          throw new IllegalArgumentException(
              "the transport " + name + " cannot be used here: " + whyNot);
        }
        return each;
      }
    }
    throw new IllegalArgumentException(
        "no transport is called \""
            + name
            + "\"; there are "
            + Known.ALL.stream().map(Transport::name).collect(Collectors.joining(", ")));
  }

  private static Transport firstUsable() {
    for (Transport each : Known.ALL) {
      String whyNot = each.whyNot(false);
      if (whyNot == null) {
        return each;
      }
      Log.log(
          Level.INFO,
          "sockets do not use the transport {0}: {1} (-D{2}={3} leaves this line out)",
          each.name(),
          whyNot,
          PROPERTY,
          NioTransport.NAME);
    }
    return NioTransport.INSTANCE;
  }
}
