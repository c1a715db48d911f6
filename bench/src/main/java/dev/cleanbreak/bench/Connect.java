package dev.cleanbreak.bench;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** How long it takes to connect to a name of which one address does not answer. */
record Connect() implements Scene {
  private static final int MOST_ROUNDS = 5;

  /** In a round: a closed connection keeps its local port for a minute. */
  private static final int MOST_CONNECTS = 200;

  @Override
  public String name() {
    return "connect";
  }

  @Override
  public String title() {
    return "Connect to a name with two addresses, one of which does not answer";
  }

  @Override
  public List<String> jvmArguments() {
    return NamedHosts.jvmArguments();
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    try (NamedHosts hosts = new NamedHosts()) {
      List<Variant> variants = new ArrayList<>();
      for (String host : List.of(NamedHosts.DEAD_FIRST, NamedHosts.LIVE_FIRST)) {
        for (NamedConnect way : NamedConnect.values()) {
          variants.add(new ConnectVariant(way, host, hosts.port()));
        }
      }
      Plan few =
          new Plan(
              Math.min(plan.rounds(), MOST_ROUNDS), plan.warmups(), plan.slice(), plan.quick());
      return new SceneResult(
          Interleaved.run(variants, few, progress),
          List.of(
              "A java.net.Socket that is given the name tries its first address only, and gives up"
                  + " when the kernel does, which takes minutes."));
    }
  }

  @Override
  public Table table(SceneResult result) {
    Table table = new Table("way; order of the addresses", "ms, medians of rounds", "connects");
    for (Series series : result.series()) {
      table.row(
          series.variant(),
          Table.spread(series.spread(), 2),
          Integer.toString(series.all().length));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    return List.of();
  }

  /** Connects one after the other, each closed at once; values are milliseconds. */
  private record ConnectVariant(NamedConnect way, String host, int port) implements Variant {
    @Override
    public String name() {
      return way.title + "; " + host.replace(".test", "").replace('-', ' ');
    }

    @Override
    public double[] round(Duration slice) throws IOException {
      DoubleStream.Builder millis = DoubleStream.builder();
      long end = System.nanoTime() + slice.toNanos();
      int connects = 0;
      do {
        long began = System.nanoTime();
        try (Socket socket = way.connect(host, port)) {
          millis.add((System.nanoTime() - began) / 1e6);
          if (!socket.isConnected()) {
            throw new IllegalStateException("not connected");
          }
        }
        connects++;
      } while (connects < MOST_CONNECTS && System.nanoTime() - end < 0);
      return millis.build().toArray();
    }

    @Override
    public void close() {}
  }
}
