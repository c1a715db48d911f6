package dev.cleanbreak.bench;

import dev.cleanbreak.SocketSettings;
import java.util.List;

/** The transports of Cleanbreak that are measured, by their names. */
final class Transports {
  static final String NIO = "nio";
  static final String EPOLL = "epoll";
  static final List<String> ALL = List.of(NIO, EPOLL);

  private Transports() {}

  /** Makes it the one that sockets have where no settings name one. */
  static String argument(String transport) {
    return "-Ddev.cleanbreak.transport=" + transport;
  }

  static SocketSettings settings(String transport) {
    return SocketSettings.standard().withTransport(transport);
  }
}
