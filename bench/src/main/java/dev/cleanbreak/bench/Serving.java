package dev.cleanbreak.bench;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** Whole connections against a server: connect, one echo, close. */
record Serving() implements Scene {
  private static final int CLIENTS = 8;
  private static final int BYTES = 64;
  private static final long HANG_SECONDS = 60;

  /** In a round and for each client: a closed connection keeps its local port for a while. */
  private static final int MOST_CYCLES = 500;

  private static final String JDK = "java.net.ServerSocket, an accept loop";

  @Override
  public String name() {
    return "server";
  }

  @Override
  public String title() {
    return "Connect, echo %d B, close: %d clients, a virtual thread for each connection"
        .formatted(BYTES, CLIENTS);
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    try (EchoServer jdk = EchoServer.jdk();
        EchoServer nio = EchoServer.clean(Transports.NIO);
        EchoServer epoll = EchoServer.clean(Transports.EPOLL)) {
      List<Variant> variants =
          List.of(
              new Cycles(JDK, jdk),
              new Cycles(clean(Transports.NIO), nio),
              new Cycles(clean(Transports.EPOLL), epoll));
      return new SceneResult(
          Interleaved.run(variants, plan, progress),
          List.of("The clients are sockets of the JDK on platform threads in the same process."));
    }
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table(
            "server",
            "µs a cycle, medians of rounds",
            "p99",
            "1,000 cycles a second",
            "ratio of the medians");
    for (Series series : result.series()) {
      double[] all = series.all();
      double mean = DoubleStream.of(all).average().orElseThrow();
      table.row(
          series.variant(),
          Table.spread(series.spread(), 0),
          Table.number(Spread.quantile(all, 0.99), 0),
          Table.number(CLIENTS * 1e3 / mean, 1),
          Table.spread(series.ratioTo(result.of(JDK)), 2));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    Spread ratio = result.of(clean(Transports.EPOLL)).ratioTo(result.of(JDK));
    return List.of(
        Goal.atMost(title(), "CleanServer (epoll) ≤ 1 × an accept loop, medians", ratio, 2, 1.0));
  }

  private static String clean(String transport) {
    return "CleanServer (" + transport + ")";
  }

  /** Eight clients at a time; values are microseconds a cycle. */
  private record Cycles(String name, EchoServer server) implements Variant {
    @Override
    public double[] round(Duration slice) throws Exception {
      long end = System.nanoTime() + slice.toNanos();
      List<FutureTask<double[]>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        FutureTask<double[]> client = new FutureTask<>(() -> cycles(end));
        clients.add(client);
        Thread.ofPlatform().daemon().start(client);
      }
      DoubleStream.Builder micros = DoubleStream.builder();
      for (FutureTask<double[]> client : clients) {
        DoubleStream.of(client.get(HANG_SECONDS, TimeUnit.SECONDS)).forEach(micros);
      }
      return micros.build().toArray();
    }

    private double[] cycles(long end) throws IOException {
      DoubleStream.Builder micros = DoubleStream.builder();
      byte[] message = new byte[BYTES];
      int cycles = 0;
      do {
        long began = System.nanoTime();
        try (Socket socket = new Socket()) {
          socket.connect(server.address());
          socket.getOutputStream().write(message);
          int echoed = socket.getInputStream().readNBytes(BYTES).length;
          if (echoed != BYTES) {
            throw new IllegalStateException(name + " echoed " + echoed + " bytes");
          }
        }
        micros.add((System.nanoTime() - began) / 1e3);
        cycles++;
      } while (cycles < MOST_CYCLES && System.nanoTime() - end < 0);
      return micros.build().toArray();
    }

    @Override
    public void close() {}
  }
}
