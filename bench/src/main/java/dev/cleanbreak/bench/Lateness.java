package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** By how much a read returns later than its deadline. */
record Lateness(String transport, ThreadKind threads) implements Scene {
  private static final double GOAL_MICROS = 2_000;

  static List<Lateness> all() {
    return Transports.ALL.stream()
        .flatMap(
            transport -> Stream.of(ThreadKind.values()).map(kind -> new Lateness(transport, kind)))
        .toList();
  }

  @Override
  public String name() {
    return "lateness-" + threads.word() + "-" + transport;
  }

  @Override
  public String title() {
    return "Lateness of deadlines from 5 to 100 ms, 8 readers, light load, %s threads, transport %s"
        .formatted(threads.word(), transport);
  }

  @Override
  public List<String> jvmArguments() {
    return List.of(Transports.argument(transport));
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    List<Variant> open = new ArrayList<>();
    try (LightLoad _ = LightLoad.start()) {
      for (LateRead way : LateRead.values()) {
        open.add(new LatenessVariant(way, threads));
      }
      return new SceneResult(Interleaved.run(open, plan, progress), List.of());
    } finally {
      Interleaved.close(open);
    }
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table(
            "what ends the read", "µs late, medians of rounds", "p99", "worst", "reads", "early");
    for (Series series : result.series()) {
      double[] all = series.all();
      table.row(
          series.variant(),
          Table.spread(series.spread(), 0),
          Table.number(Spread.quantile(all, 0.99), 0),
          Table.number(Arrays.stream(all).max().orElseThrow(), 0),
          Integer.toString(all.length),
          Long.toString(early(all)));
    }
    return table;
  }

  private static long early(double[] lateMicros) {
    return DoubleStream.of(lateMicros).filter(late -> late < 0).count();
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    List<Goal> goals = new ArrayList<>();
    for (LateRead way : List.of(LateRead.DEADLINE, LateRead.READ_TIMEOUT)) {
      Series series = result.of(way.title);
      goals.add(
          Goal.atMost(title(), way.title + ": median ≤ 2,000 µs", series.spread(), 0, GOAL_MICROS));
      double early = early(series.all());
      goals.add(
          Goal.atMost(title(), way.title + ": none early", new Spread(early, early, early), 0, 0));
    }
    return goals;
  }
}
