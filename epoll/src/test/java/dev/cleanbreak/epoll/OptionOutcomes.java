package dev.cleanbreak.epoll;

import dev.cleanbreak.SocketSettings;
import dev.cleanbreak.spi.DatagramPort;
import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What comes of setting and reading each option; as a program it compares the transports. */
final class OptionOutcomes {
  static final Transport NIO = SocketSettings.standard().withTransport("nio").transport();
  static final Transport EPOLL = new EpollTransport();

  enum Kind {
    STREAM {
      @Override
      Port open(Transport transport) throws IOException {
        return transport.openStream();
      }
    },
    LISTENER {
      @Override
      Port open(Transport transport) throws IOException {
        return transport.openListener();
      }
    },
    DATAGRAM {
      @Override
      DatagramPort open(Transport transport) throws IOException {
        return transport.openDatagram();
      }
    };

    abstract Port open(Transport transport) throws IOException;
  }

  private OptionOutcomes() {}

  public static void main(String[] arguments) throws IOException {
    for (Kind kind : Kind.values()) {
      Map<String, List<String>> nio = of(kind, NIO);
      Map<String, List<String>> epoll = of(kind, EPOLL);
      System.out.println(
          kind + (nio.equals(epoll) ? " alike" : ": on nio " + nio + ", on epoll " + epoll));
    }
  }

  /** For each option what it is at first, and after each value, and again after the port's bind. */
  static Map<String, List<String>> of(Kind kind, Transport transport) throws IOException {
    Map<String, List<String>> all = new LinkedHashMap<>();
    Port first = kind.open(transport);
    List<SocketOption<?>> options = new ArrayList<>(first.supportedOptions());
    first.close();
    if (options.isEmpty()) {
      throw new AssertionError("no options");
    }
    options.sort(Comparator.comparing(SocketOption::name));
    for (SocketOption<?> option : options) {
      List<String> outcomes = new ArrayList<>();
      for (Object value : values(option.type())) {
        Port port = kind.open(transport);
        outcomes.add("at first " + get(port, option));
        outcomes.add(value + " " + set(port, option, value));
        outcomes.add("then " + get(port, option));
        bind(port);
        outcomes.add("bound " + get(port, option));
        outcomes.add(value + " " + set(port, option, value));
        outcomes.add("then " + get(port, option));
        port.close();
      }
      all.put(option.name(), outcomes);
    }
    return all;
  }

  private static void bind(Port port) throws IOException {
    if (port instanceof ListenerPort listener) {
      listener.bind(null, 0);
    } else {
      port.bind(null);
    }
  }

  private static List<Object> values(Class<?> type) throws IOException {
    List<Object> values = new ArrayList<>();
    if (type == Boolean.class) {
      values.addAll(List.of(true, false));
    } else if (type == Integer.class) {
      values.addAll(List.of(-2, -1, 0, 1, 2, 7, 16, 255, 256, 8192, 100_000, 1 << 30));
    } else if (type == NetworkInterface.class) {
      values.addAll(NetworkInterface.networkInterfaces().toList());
    } else {
      throw new AssertionError("values of " + type);
    }
    values.add(null);
    return values;
  }

  @SuppressWarnings("unchecked")
  static String set(Port port, SocketOption<?> option, Object value) {
    try {
      port.setOption((SocketOption<Object>) option, value);
      return "set";
    } catch (IOException e) {
      return e.getClass().getSimpleName(); // the words differ
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  static String get(Port port, SocketOption<?> option) {
    try {
      return String.valueOf(port.getOption(option));
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }
}
