package dev.cleanbreak;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * A name with several loopback addresses, each of which answers a connect in its own way, all on
 * one port. The sockets that are to know the name get its {@link #settings}.
 */
final class NamedHost implements AutoCloseable {
  static final String NAME = "printer.test";

  private static final int MOST_TRIES = 20;
  private static final int QUEUE = 200;
  private static final int NO_ANSWER_MILLIS = 100;

  /** What comes of a connect. */
  enum Answer {
    /** The connection. */
    LIVE,
    /** None: the listener's queue is full, so the kernel drops what asks for a place. */
    SILENT,
    /** A refusal at once: nobody listens. */
    REFUSING
  }

  final List<InetAddress> addresses = new ArrayList<>();
  final int port;
  private final List<ServerSocket> live = new ArrayList<>();
  private final List<ServerSocket> silent = new ArrayList<>();
  private final List<Closeable> opened = new ArrayList<>();

  /** A host whose addresses, from 127.77.0.1 on, give these answers. */
  static NamedHost of(Answer... answers) throws IOException {
    for (int i = 1; ; i++) {
      // Reserves the port for the refusing ones, too: nobody can listen on all addresses then.
      ServerSocket reserved = new ServerSocket(0, 1, address(0));
      NamedHost host = new NamedHost(reserved);
      try {
        for (Answer each : answers) {
          host.add(each);
        }
        return host;
      } catch (BindException taken) {
        host.close();
        if (i == MOST_TRIES) {
          throw taken;
        }
      }
    }
  }

  private NamedHost(ServerSocket reserved) {
    port = reserved.getLocalPort();
    opened.add(reserved);
  }

  private static InetAddress address(int number) throws UnknownHostException {
    return InetAddress.getByAddress(NAME, new byte[] {127, 77, 0, (byte) number});
  }

  private void add(Answer answer) throws IOException {
    InetAddress address = address(addresses.size() + 1);
    addresses.add(address);
    switch (answer) {
      case LIVE -> live.add(listen(address, QUEUE));
      case SILENT -> {
        ServerSocket listener = listen(address, 1);
        silent.add(listener);
        fill(listener);
      }
      case REFUSING -> {}
    }
  }

  private ServerSocket listen(InetAddress address, int queue) throws IOException {
    ServerSocket listener = new ServerSocket(port, queue, address);
    opened.add(listener);
    return listener;
  }

  private void fill(ServerSocket listener) throws IOException {
    for (; ; ) {
      Socket waiting = new Socket();
      opened.add(waiting);
      try {
        waiting.connect(listener.getLocalSocketAddress(), NO_ANSWER_MILLIS);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
  }

  /** Makes room in the last silent listener: the kernel's next try, within seconds, is answered. */
  void answer() throws IOException {
    ServerSocket listener = silent.getLast();
    listener.setSoTimeout(NO_ANSWER_MILLIS);
    try {
      while (true) {
        opened.add(listener.accept());
      }
    } catch (SocketTimeoutException empty) {
      // There is room.
    }
  }

  /** Settings with which sockets find these addresses under {@link #NAME}, in this order. */
  SocketSettings settings() {
    InetAddress[] all = addresses.toArray(InetAddress[]::new);
    return SocketSettings.standard().withNames(new NameLookup(host -> all.clone(), 4));
  }

  InetSocketAddress unresolved() {
    return InetSocketAddress.createUnresolved(NAME, port);
  }

  Socket accept() throws IOException {
    return live.getFirst().accept();
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : opened.reversed()) {
      each.close();
    }
  }
}
