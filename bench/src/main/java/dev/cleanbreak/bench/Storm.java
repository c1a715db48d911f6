package dev.cleanbreak.bench;

import java.util.List;
import java.util.stream.Stream;

/** Ten thousand blocked reads, or as many as there are descriptors for, that all end at once. */
record Storm() implements Scene {
  private static final int CALLS = 10_000;
  private static final int QUICK_CALLS = 300;
  private static final int MOST_ROUNDS = 5;

  @Override
  public String name() {
    return "storm";
  }

  @Override
  public String title() {
    return "Many reads on virtual threads, all ended at once";
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    int each = BlockedReads.descriptorsEach(SocketKind.NIO);
    int calls = Descriptors.fitting(plan.quick() ? QUICK_CALLS : CALLS, each);
    List<StormVariant> variants =
        Stream.of(SocketKind.SOCKET, SocketKind.NIO, SocketKind.EPOLL)
            .map(kind -> new StormVariant(kind, calls))
            .toList();
    return new SceneResult(
        Interleaved.run(variants, plan.atMost(MOST_ROUNDS), progress),
        notes(calls, each, plan.quick()));
  }

  private static List<String> notes(int calls, int each, boolean quick) {
    String count = Table.number(calls, 0) + " calls.";
    if (quick || calls == CALLS) {
      return List.of(count);
    }
    return List.of(
        count,
        Table.number(CALLS, 0)
            + " do not fit: the process may have "
            + Table.number((double) Descriptors.limit(), 0)
            + " descriptors, and each call takes "
            + each
            + " of them.");
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table(
            "what ends the reads",
            "ms to the last return",
            "µs for each call",
            "ms until the cut itself returned",
            "÷ " + StormVariant.SOCKETS);
    SceneResult last = result.column(StormVariant.LAST_RETURN);
    SceneResult each = result.column(StormVariant.MICROS_EACH);
    SceneResult cut = result.column(StormVariant.CUT);
    for (Series series : last.series()) {
      String name = series.variant();
      table.row(
          name,
          Table.spread(series.spread(), 1),
          Table.spread(each.of(name).spread(), 1),
          Table.spread(cut.of(name).spread(), 1),
          Table.spread(series.ratioTo(last.of(StormVariant.SOCKETS)), 2));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    return List.of();
  }
}
