package dev.cleanbreak;

import dev.cleanbreak.spi.Transport;
import java.lang.System.Logger.Level;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the transport of sockets whose settings name none: the one that the property names, or
 * else the first that is found and can be used here, or else NIO.
 */
final class Transports {
  private static final String PROPERTY = "dev.cleanbreak.transport";

  private Transports() {}

  private static final class Chosen {
    static final Transport TRANSPORT = choose(System.getProperty(PROPERTY));
  }

  static Transport standard() {
    return Chosen.TRANSPORT;
  }

  static Transport choose(@Nullable String name) {
    if (name == null) {
      return firstUsable();
    }
    if (name.equals(NioTransport.NAME)) {
      return NioTransport.INSTANCE;
    }
    for (Transport found : found()) {
      if (found.name().equals(name)) {
        return found;
      }
    }
    throw new IllegalArgumentException(
        PROPERTY
            + "="
            + name
            + " is not a transport here; leave it out, or use "
            + NioTransport.NAME);
  }

  private static Transport firstUsable() {
    for (Transport found : found()) {
      String whyNot = found.whyNot();
      if (whyNot == null) {
        return found;
      }
      Log.log(
          Level.INFO,
          "sockets use the transport {0}, not {1}: {2}; -D{3}={0} leaves this line out",
          NioTransport.NAME,
          found.name(),
          whyNot,
          PROPERTY);
    }
    return NioTransport.INSTANCE;
  }

  private static ServiceLoader<Transport> found() {
    return ServiceLoader.load(Transport.class, Transport.class.getClassLoader());
  }
}
