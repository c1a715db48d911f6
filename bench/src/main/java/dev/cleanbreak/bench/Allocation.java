package dev.cleanbreak.bench;

import java.util.List;

/**
 * What a round trip takes from the heap where the Linux transport is alone in its JVM, as in a
 * program that has one kind of sockets: what the compiler makes of its code is not what it makes of
 * code that serves many kinds.
 */
record Allocation() implements Scene {
  private static final EchoLoad LOAD = new EchoLoad(32, 64, ThreadKind.PLATFORM);
  private static final List<CleanEcho> VARIANTS =
      List.of(
          new CleanEcho(Transports.EPOLL, CleanEcho.Scopes.NONE),
          new CleanEcho(Transports.EPOLL, CleanEcho.Scopes.PER_CONNECTION));

  /** Less than one object in some hundred round trips. */
  private static final double GOAL = 1;

  @Override
  public String name() {
    return "allocation";
  }

  @Override
  public String title() {
    return "Allocation: %d connections × %s, %s threads, the Linux transport alone"
        .formatted(LOAD.connections(), LOAD.size(), LOAD.threads().word());
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    return PingPong.run(VARIANTS, LOAD, plan, progress);
  }

  @Override
  public Table table(SceneResult result) {
    Table table = new Table("both ends", "bytes allocated for a round trip", "system calls");
    for (Series series : result.column(RoundTrips.ALLOCATED).series()) {
      table.row(
          series.variant(),
          Table.spread(series.spread(), 1),
          Table.number(result.systemCallsOf(series.variant()), 2));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    return result.column(RoundTrips.ALLOCATED).series().stream()
        .map(series ->
            Goal.atMost(title(), series.variant() + " ≤ 1 byte", series.spread(), 1, GOAL))
        .toList();
  }
}
