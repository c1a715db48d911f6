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
    Series close = result.of(CutRead.Way.SOCKET_CLOSE.title);
    Series nio = result.of(CutRead.Way.NIO_CANCEL.title);
    Series epoll = result.of(CutRead.Way.EPOLL_CANCEL.title);
    return List.of(
        atMostOne("cancel() (nio) ≤ 1 × close() of a java.net.Socket", nio.ratioTo(close)),
        atMostOne("cancel() (epoll) ≤ 1 × close() of a java.net.Socket", epoll.ratioTo(close)),
        atMostOne("cancel() (epoll) ≤ 1 × cancel() (nio)", epoll.ratioTo(nio)));
  }

  private Goal atMostOne(String what, Spread ratio) {
    return Goal.atMost(title(), what + ", medians", ratio, 3, 1.0);
  }
}
