package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One server, and many clients in a process of their own which are the same for every server: each
 * sends a message when the last one is back.
 */
record Crowd(int connections) implements Scene {
  private static final int MOST_ROUNDS = 7;
  private static final int QUICK_CONNECTIONS = 20;
  private static final String JDK = "java.net.ServerSocket, an accept loop";
  private static final String NETTY = "Netty, epoll";

  static List<Crowd> all() {
    return List.of(new Crowd(1), new Crowd(1_000), new Crowd(10_000));
  }

  @Override
  public String name() {
    return "crowd-" + connections;
  }

  @Override
  public String title() {
    return "A server with %,d connections × %d B, virtual threads"
        .formatted(connections, CrowdClients.BYTES);
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    int wanted = plan.quick() ? Math.min(connections, QUICK_CONNECTIONS) : connections;
    int fitting = Descriptors.fitting(wanted, 1);
    List<CrowdVariant> open = new ArrayList<>();
    try {
      open.add(new CrowdVariant(JDK, EchoServer.jdk(), fitting));
      open.add(new CrowdVariant(NETTY, NettyEcho.server(), fitting));
      for (String transport : Transports.ALL) {
        open.add(new CrowdVariant(clean(transport), EchoServer.cleanLoop(transport), fitting));
      }
      return new SceneResult(
          Interleaved.run(open, plan.atMost(MOST_ROUNDS), progress),
          SystemCalls.forRoundTrip(open, plan, progress),
          List.of(
              "The clients are one thread with a selector of the JDK, in a process of their own;"
                  + " CPU, system calls and bytes are the server's, accepting included. "
                  + Table.number(fitting, 0)
                  + " connections, opened for each turn anew."));
    } finally {
      Interleaved.close(open);
    }
  }

  private static String clean(String transport) {
    return "Cleanbreak (" + transport + "), read and write timeouts, the same loop";
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table(
            "server",
            "thousand round trips/s",
            "÷ " + JDK,
            "÷ " + NETTY,
            "µs of CPU for a round trip",
            "system calls",
            "bytes allocated");
    SceneResult rates = result.column(RoundTrips.PER_SECOND);
    SceneResult cpu = result.column(RoundTrips.CPU_MICROS);
    SceneResult allocated = result.column(RoundTrips.ALLOCATED);
    for (Series series : rates.series()) {
      table.row(
          series.variant(),
          Table.spread(series.spread().times(1e-3), 1),
          Table.spread(series.ratioTo(rates.of(JDK)), 2),
          Table.spread(series.ratioTo(rates.of(NETTY)), 2),
          Table.spread(cpu.of(series.variant()).spread(), 2),
          Table.number(result.systemCallsOf(series.variant()), 2),
          Table.number(allocated.of(series.variant()).spread().median(), 1));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    SceneResult rates = result.column(RoundTrips.PER_SECOND);
    Series ours = rates.of(clean(Transports.EPOLL));
    return List.of(
        Goal.atLeast(
            title(), "Cleanbreak (epoll) ≥ 1 × java.net", ours.ratioTo(rates.of(JDK)), 3, 1),
        Goal.atLeast(
            title(), "Cleanbreak (epoll) ≥ 1 × Netty", ours.ratioTo(rates.of(NETTY)), 3, 1));
  }
}
