package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a connection costs while a virtual thread blocks in its read. */
record Idle() implements Scene {
  private static final int CONNECTIONS = 4_000;
  private static final int QUICK_CONNECTIONS = 200;
  private static final int MOST_ROUNDS = 5;
  private static final double MEMORY_GOAL = 0.9;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String title() {
    return "An idle connection: one end, with a virtual thread that blocks in read";
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    int connections =
        Descriptors.fitting(
            plan.quick() ? QUICK_CONNECTIONS : CONNECTIONS,
            BlockedReads.descriptorsEach(SocketKind.NIO));
    List<IdleVariant> variants =
        Stream.of(SocketKind.values()).map(kind -> new IdleVariant(kind, connections)).toList();
    Plan cold = new Plan(Math.min(plan.rounds(), MOST_ROUNDS), 0, plan.slice(), plan.quick());
    return new SceneResult(
        Interleaved.run(variants, cold, progress),
        List.of(Table.number(connections, 0) + " connections, each time in a new JVM."));
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table(
            "connection", "bytes on the heap", "÷ java.net.Socket", "bytes outside", "descriptors");
    SceneResult heap = result.column(IdleProbe.HEAP);
    SceneResult outside = result.column(IdleProbe.OUTSIDE);
    SceneResult descriptors = result.column(IdleProbe.DESCRIPTORS);
    Series socket = heap.of(SocketKind.SOCKET.title);
    List<String> names = new ArrayList<>();
    result.series().forEach(series -> names.add(series.variant()));
    for (String name : names) {
      table.row(
          name,
          Table.spread(heap.of(name).spread(), 0),
          Table.spread(heap.of(name).ratioTo(socket), 2),
          Table.spread(outside.of(name).spread(), 0),
          Table.number(descriptors.of(name).spread().median(), 0));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    SceneResult heap = result.column(IdleProbe.HEAP);
    SceneResult outside = result.column(IdleProbe.OUTSIDE);
    Series ours = sum(heap.of(SocketKind.EPOLL.title), outside.of(SocketKind.EPOLL.title));
    Series theirs = sum(heap.of(SocketKind.SOCKET.title), outside.of(SocketKind.SOCKET.title));
    return List.of(
        Goal.atMost(
            title(),
            SocketKind.EPOLL.title + " ≤ 0.9 × java.net.Socket, heap and outside, with the thread",
            ours.ratioTo(theirs),
            2,
            MEMORY_GOAL));
  }

  private static Series sum(Series one, Series other) {
    double[] a = one.medians();
    double[] b = other.medians();
    return new Series(
        one.variant(),
        IntStream.range(0, a.length).mapToObj(i -> new double[] {a[i] + b[i]}).toList());
  }
}
