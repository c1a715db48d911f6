package dev.cleanbreak;

import dev.cleanbreak.spi.Transport;
import java.util.ServiceLoader;

/** Chooses the transport of sockets whose settings name none. */
final class Transports {
  private static final String PROPERTY = "dev.cleanbreak.transport";

  private Transports() {}

  private static final class Chosen {
    static final Transport TRANSPORT = choose(System.getProperty(PROPERTY, "nio"));
  }

  static Transport standard() {
    return Chosen.TRANSPORT;
  }

  static Transport choose(String name) {
    if (name.equals(NioTransport.NAME)) {
      return NioTransport.INSTANCE;
    }
    for (Transport found : ServiceLoader.load(Transport.class, Transport.class.getClassLoader())) {
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
}
