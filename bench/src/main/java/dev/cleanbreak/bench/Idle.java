package dev.cleanbreak.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a connection costs on which nothing happens.
 *
 * @param threads whether a virtual thread blocks in a read of each
 */
record Idle(boolean threads) implements Scene {
  private static final int CONNECTIONS = 50_000;
  private static final int QUICK_CONNECTIONS = 200;
  private static final int MOST_ROUNDS = 3;

  static List<Idle> all() {
    return List.of(new Idle(false), new Idle(true));
  }

  @Override
  public String name() {
    return threads ? "idle-threads" : "idle";
  }

  @Override
  public String title() {
    return "An idle connection: one end, "
        + (threads ? "with a virtual thread that blocks in read" : "of which nobody reads");
  }

  private List<IdleKind> kinds() {
    return Stream.of(IdleKind.values()).filter(kind -> kind.threads() == threads).toList();
  }

  private IdleKind jdk() {
    return threads ? IdleKind.SOCKET_BLOCKED : IdleKind.SOCKET;
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    int connections = plan.quick() ? QUICK_CONNECTIONS : CONNECTIONS;
    List<IdleVariant> variants =
        kinds().stream().map(kind -> new IdleVariant(kind, connections)).toList();
    Plan cold = new Plan(Math.min(plan.rounds(), MOST_ROUNDS), 0, plan.slice(), plan.quick());
    return new SceneResult(
        Interleaved.run(variants, cold, progress),
        List.of(
            Table.number(connections, 0)
                + " connections at once, in as many processes as their descriptors take; new ones"
                + " for each round."));
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table("connection", "bytes", "of them on the heap", "÷ " + jdk().title, "descriptors");
    Series socket = result.column(IdleProbe.BYTES).of(jdk().title);
    for (IdleKind kind : kinds()) {
      Series bytes = result.column(IdleProbe.BYTES).of(kind.title);
      table.row(
          kind.title,
          Table.spread(bytes.spread(), 0),
          Table.spread(result.column(IdleProbe.HEAP).of(kind.title).spread(), 0),
          Table.spread(bytes.ratioTo(socket), 2),
          Table.number(result.column(IdleProbe.DESCRIPTORS).of(kind.title).spread().median(), 0));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    return threads
        ? List.of()
        : List.of(goal(result, IdleKind.SOCKET, 0.9), goal(result, IdleKind.NETTY, 1.0));
  }

  private Goal goal(SceneResult result, IdleKind peer, double bound) {
    SceneResult bytes = result.column(IdleProbe.BYTES);
    return Goal.atMost(
        title(),
        IdleKind.EPOLL.title + " ≤ " + bound + " × " + peer.title + ", bytes",
        bytes.of(IdleKind.EPOLL.title).ratioTo(bytes.of(peer.title)),
        2,
        bound);
  }
}
