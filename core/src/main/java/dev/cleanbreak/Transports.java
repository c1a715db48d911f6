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

  // Each is found once, by whoever asks first. Not in the initializer of a class: one that fails
  // says why to the first who asks, and to nobody after.
  private static volatile @Nullable List<Transport> all;
  private static volatile @Nullable Transport standard;

  /** All, in the order of preference; NIO, the last one, is always usable. */
  private static List<Transport> all() {
    List<Transport> known = all;
    return known == null ? find() : known;
  }

  private static synchronized List<Transport> find() {
    List<Transport> known = all;
    if (known == null) {
      List<Transport> found = new ArrayList<>();
      ServiceLoader.load(Transport.class, Transport.class.getClassLoader()).forEach(found::add);
      found.add(NioTransport.INSTANCE);
      known = List.copyOf(found);
      all = known;
    }
    return known;
  }

  /**
   * That of sockets whose settings name none.
   *
   * @throws IllegalArgumentException if the property names one that is not there or cannot be used
   */
  static Transport standard() {
    Transport known = standard;
    return known == null ? choose() : known;
  }

  private static synchronized Transport choose() {
    Transport known = standard;
    if (known == null) {
      String name = System.getProperty(PROPERTY);
      List<String> passedOver = new ArrayList<>();
      known = name == null ? firstUsable(passedOver) : named(name);
      standard = known;
      // Last: where the log goes to may be a socket of ours.
      passedOver.forEach(each -> Log.log(Level.INFO, "{0}", each));
    }
    return known;
  }

  private static Transport firstUsable(List<String> passedOver) {
    for (Transport each : all()) {
      String whyNot = each.whyNot(false);
      if (whyNot == null) {
        return each;
      }
      passedOver.add(
          "sockets do not use the transport "
              + each.name()
              + ": "
              + whyNot
              + " (-D"
              + PROPERTY
              + "="
              + NioTransport.NAME
              + " leaves this line out)");
    }
    throw new AssertionError(NioTransport.NAME + " is always usable");
  }

  /**
   * The one of that name.
   *
   * @throws IllegalArgumentException if there is none, or it cannot be used here
   */
  static Transport named(String name) {
    for (Transport each : all()) {
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
            + all().stream().map(Transport::name).collect(Collectors.joining(", ")));
  }
}
