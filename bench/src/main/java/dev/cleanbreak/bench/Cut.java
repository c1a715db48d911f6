package dev.cleanbreak.bench;

import java.util.List;
import java.util.stream.Stream;

/** How long a blocked read takes to return once another thread ends it. */
record Cut(ThreadKind threads) implements Scene {
  static List<Cut> all() {
    return Stream.of(ThreadKind.values()).map(Cut::new).toList();
  }

  @Override
  public String name() {
    return "cut-" + threads.word();
  }

  @Override
  public String title() {
    return "From the cut to the return of the blocked read, %s threads".formatted(threads.word());
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    List<CutVariant> variants =
        Stream.of(CutRead.Way.values()).map(way -> new CutVariant(way, threads)).toList();
    return new SceneResult(Interleaved.run(variants, plan, progress), List.of());
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table(
            "what ends the read",
            "µs to the return, medians of rounds",
            "p99",
            "reads",
            "÷ " + CutRead.Way.SOCKET_CLOSE.title);
    Series close = result.of(CutRead.Way.SOCKET_CLOSE.title);
    for (Series series : result.series()) {
      double[] all = series.all();
      table.row(
          series.variant(),
          Table.spread(series.spread(), 1),
          Table.number(Spread.quantile(all, 0.99), 0),
          Integer.toString(all.length),
          Table.spread(series.ratioTo(close), 2));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    Spread ratio =
        result
            .of(CutRead.Way.CLEAN_CANCEL.title)
            .ratioTo(result.of(CutRead.Way.SOCKET_CLOSE.title));
    return List.of(
        Goal.atMost(
            title(), "cancel() ≤ 1 × close() of a java.net.Socket, medians", ratio, 3, 1.0));
  }
}
