package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How much goes one way, from a thread that only writes to one that only reads. */
record OneWay(int bytes, boolean slower, ThreadKind threads) implements Scene {
  private static final double GOAL = 1.05;
  private static final double SLOWER_GOAL = 1.0;
  private static final double MIB = 1024 * 1024;

  static List<OneWay> all() {
    return Stream.of(ThreadKind.values())
        .flatMap(kind ->
            Stream.of(new OneWay(64 * 1024, false, kind), new OneWay(16 * 1024, true, kind)))
        .toList();
  }

  @Override
  public String name() {
    return "oneway-" + (slower ? "slower-" : "") + threads.word();
  }

  @Override
  public String title() {
    return "One way: writes of %d KiB%s, %s threads"
        .formatted(
            bytes / 1024, slower ? " to a receiver that rests after each" : "", threads.word());
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    List<Variant> open = new ArrayList<>();
    try {
      for (OneWayVariant.Kind kind : OneWayVariant.Kind.values()) {
        open.add(new OneWayVariant(kind, this));
      }
      return new SceneResult(
          Interleaved.run(open, plan, progress),
          SystemCalls.forRoundTrip(open, plan, progress),
          List.of());
    } finally {
      Interleaved.close(open);
    }
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table(
            "both ends",
            "MiB/s",
            "÷ " + OneWayVariant.Kind.SOCKET.title,
            "µs of CPU for a write",
            "system calls");
    SceneResult rates = result.column(RoundTrips.PER_SECOND);
    SceneResult cpu = result.column(RoundTrips.CPU_MICROS);
    Series socket = rates.of(OneWayVariant.Kind.SOCKET.title);
    for (Series series : rates.series()) {
      table.row(
          series.variant(),
          Table.spread(series.spread().times(bytes / MIB), 0),
          Table.spread(series.ratioTo(socket), 3),
          Table.spread(cpu.of(series.variant()).spread(), 1),
          Table.number(result.systemCallsOf(series.variant()), 2));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    double bound = slower ? SLOWER_GOAL : GOAL;
    SceneResult rates = result.column(RoundTrips.PER_SECOND);
    return List.of(
        Goal.atLeast(
            title(),
            "Cleanbreak (epoll) ≥ " + bound + " × java.net.Socket",
            rates
                .of(OneWayVariant.Kind.EPOLL.title)
                .ratioTo(rates.of(OneWayVariant.Kind.SOCKET.title)),
            3,
            bound));
  }
}
