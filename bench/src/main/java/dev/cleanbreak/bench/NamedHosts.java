package dev.cleanbreak.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Two loopback addresses with one port: one accepts, the other does not answer, because the queue
 * of its listener is full. The JDK's resolver knows them by two names, in either order, from a
 * hosts file that the JVM must be started with.
 */
final class NamedHosts implements Closeable {
  static final String DEAD_FIRST = "dead-first.test";
  static final String LIVE_FIRST = "live-first.test";

  private static final String DEAD = "127.78.0.1";
  private static final String LIVE = "127.78.0.2";
  private static final int NO_ANSWER_MILLIS = 200;

  /** More than a round opens: an acceptor that gets no processor must not look dead. */
  private static final int QUEUE = 1_000;

  private final Deque<Closeable> opened = new ArrayDeque<>();
  private final ServerSocket live;

  NamedHosts() throws IOException {
    live = listen(LIVE, 0, QUEUE);
    Thread.ofPlatform().daemon().name("acceptor").start(this::accept);
    fill(listen(DEAD, live.getLocalPort(), 1));
  }

  /** What the JVM of the scene is started with. */
  static List<String> jvmArguments() {
    try {
      Path hosts = Files.createTempFile("cleanbreak-bench-hosts", null);
      hosts.toFile().deleteOnExit();
      Files.write(
          hosts,
          List.of(
              "127.0.0.1 localhost",
              DEAD + " " + DEAD_FIRST,
              LIVE + " " + DEAD_FIRST,
              LIVE + " " + LIVE_FIRST,
              DEAD + " " + LIVE_FIRST));
      return List.of("-Djdk.net.hosts.file=" + hosts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServerSocket listen(String address, int port, int queue) throws IOException {
    ServerSocket listener = new ServerSocket(port, queue, InetAddress.getByName(address));
    opened.push(listener);
    return listener;
  }

  private void fill(ServerSocket listener) throws IOException {
    while (true) {
      Socket waiting = new Socket();
      opened.push(waiting);
      try {
        waiting.connect(listener.getLocalSocketAddress(), NO_ANSWER_MILLIS);
      } catch (SocketTimeoutException _) {
        return;
      }
    }
  }

  private void accept() {
    try {
      while (true) {
        live.accept().close();
      }
    } catch (IOException _) {
      // Closed: the scene is over.
    }
  }

  int port() {
    return live.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : opened) {
      each.close();
    }
  }
}
