package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every option of every kind of socket: set and read on this transport and on NIO, the same. */
final class OptionParityTest {
  private static final Transport NIO = SocketSettings.standard().withTransport("nio").transport();
  private static final Transport EPOLL = new EpollTransport();

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

  @ParameterizedTest
  @EnumSource
  void theOptionsAreThoseOfNioAndReadAlike(Kind kind) throws IOException {
    assertEquals(outcomes(kind, NIO), outcomes(kind, EPOLL));
  }

  @ParameterizedTest
  @EnumSource
  void anOptionOfAnotherKindIsRefusedAlike(Kind kind) throws IOException {
    Set<SocketOption<?>> ofOthers = new java.util.HashSet<>();
    for (Kind each : Kind.values()) {
      Port port = each.open(NIO);
      ofOthers.addAll(port.supportedOptions());
      port.close();
    }
    Map<String, List<String>> outcomes = new TreeMap<>();
    for (Transport each : List.of(NIO, EPOLL)) {
      Port port = kind.open(each);
      List<String> refusals = new ArrayList<>();
      ofOthers.stream()
          .filter(option -> !port.supportedOptions().contains(option))
          .sorted(Comparator.comparing(SocketOption::name))
          .forEach(option -> refusals.add(get(port, option) + set(port, option, null)));
      port.close();
      outcomes.put(each.name(), refusals);
    }
    assertEquals(outcomes.get("nio"), outcomes.get("epoll"));
  }

  /** For each option what it is at first, and after each value, and again after the port's bind. */
  private static Map<String, List<String>> outcomes(Kind kind, Transport transport)
      throws IOException {
    Map<String, List<String>> all = new LinkedHashMap<>();
    Port first = kind.open(transport);
    List<SocketOption<?>> options = new ArrayList<>(first.supportedOptions());
    first.close();
    assertTrue(!options.isEmpty());
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
  private static String set(Port port, SocketOption<?> option, Object value) {
    try {
      port.setOption((SocketOption<Object>) option, value);
      return "set";
    } catch (IOException e) {
      return e.getClass().getSimpleName(); // the words differ
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private static String get(Port port, SocketOption<?> option) {
    try {
      return String.valueOf(port.getOption(option));
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }
}
