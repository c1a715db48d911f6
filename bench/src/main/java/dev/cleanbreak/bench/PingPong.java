package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.List;

/** How fast messages go to and fro between two ends of the same kind. */
record PingPong(EchoLoad load) implements Scene {
  private static final double GOAL = 0.90;
  private static final double AIM = 0.95;
  private static final double SCOPE_GOAL = 0.97;
  private static final double CPU_GOAL = 1.05;
  private static final int SMALL = 1024;

  static List<PingPong> all() {
    List<PingPong> all = new ArrayList<>();
    for (ThreadKind kind : ThreadKind.values()) {
      all.add(new PingPong(new EchoLoad(32, 64, kind)));
      all.add(new PingPong(new EchoLoad(8, 16 * 1024, kind)));
    }
    return all;
  }

  static List<EchoVariant> variants() {
    List<EchoVariant> variants = new ArrayList<>();
    variants.add(new SocketEcho(false));
    variants.add(new SocketEcho(true));
    variants.add(new ChannelEcho());
    variants.add(new OkioEcho());
    variants.add(new NettyEcho());
    variants.addAll(NativeEcho.here());
    for (String transport : Transports.ALL) {
      for (CleanEcho.Scopes scopes : CleanEcho.Scopes.values()) {
        variants.add(new CleanEcho(transport, scopes));
      }
    }
    return variants;
  }

  @Override
  public String name() {
    return "pingpong-" + load.size().replace(" ", "") + "-" + load.threads().word();
  }

  @Override
  public String title() {
    return "Ping-pong: %d connections × %s, %s threads"
        .formatted(load.connections(), load.size(), load.threads().word());
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    return run(variants(), load, plan, progress);
  }

  /** Has {@code variants} take turns with {@code load}. */
  static SceneResult run(
      List<? extends EchoVariant> variants, EchoLoad load, Plan plan, Progress progress)
      throws Exception {
    List<Variant> open = new ArrayList<>();
    try {
      for (EchoVariant variant : variants) {
        open.add(variant.open(load));
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
            "thousand round trips/s",
            "÷ " + SocketEcho.TIMEOUT,
            "÷ " + SocketEcho.PLAIN,
            "µs of CPU for a round trip",
            "system calls",
            "bytes allocated");
    SceneResult rates = result.column(RoundTrips.PER_SECOND);
    SceneResult cpu = result.column(RoundTrips.CPU_MICROS);
    SceneResult allocated = result.column(RoundTrips.ALLOCATED);
    Series timeout = rates.of(SocketEcho.TIMEOUT);
    Series plain = rates.of(SocketEcho.PLAIN);
    for (Series series : rates.series()) {
      table.row(
          series.variant(),
          Table.spread(series.spread().times(1e-3), 1),
          Table.spread(series.ratioTo(timeout), 2),
          Table.spread(series.ratioTo(plain), 2),
          Table.spread(cpu.of(series.variant()).spread(), 2),
          Table.number(result.systemCallsOf(series.variant()), 2),
          Table.number(allocated.of(series.variant()).spread().median(), 1));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    SceneResult rates = result.column(RoundTrips.PER_SECOND);
    List<Goal> goals = new ArrayList<>();
    Series nio = rates.of(CleanEcho.name(Transports.NIO, CleanEcho.Scopes.NONE));
    if (load.threads() == ThreadKind.PLATFORM) {
      Spread ratio = nio.ratioTo(rates.of(SocketEcho.TIMEOUT));
      goals.add(
          Goal.atLeast(
              title(), "Cleanbreak (nio) ≥ 0.90 × java.net.Socket + SO_TIMEOUT", ratio, 3, GOAL));
      goals.add(Goal.atLeast(title(), "the same, aim: ≥ 0.95", ratio, 3, AIM));
    }
    addScopeGoals(goals, rates, Transports.NIO, CleanEcho.Scopes.NONE);
    addScopeGoals(goals, rates, Transports.EPOLL, CleanEcho.Scopes.PER_CONNECTION);
    addEpollGoals(goals, rates, result.column(RoundTrips.CPU_MICROS));
    return goals;
  }

  /** What the other scopes are to reach of {@code base}. */
  private void addScopeGoals(
      List<Goal> goals, SceneResult rates, String transport, CleanEcho.Scopes base) {
    Series against = rates.of(CleanEcho.name(transport, base));
    for (CleanEcho.Scopes scopes : CleanEcho.Scopes.values()) {
      if (scopes != CleanEcho.Scopes.NONE && scopes != base) {
        String name = CleanEcho.name(transport, scopes);
        goals.add(
            Goal.atLeast(
                title(),
                name + ": ≥ 0.97 of " + base.title,
                rates.of(name).ratioTo(against),
                3,
                SCOPE_GOAL));
      }
    }
  }

  /** With a deadline scope on every call. */
  private void addEpollGoals(List<Goal> goals, SceneResult rates, SceneResult cpu) {
    String name = CleanEcho.name(Transports.EPOLL, CleanEcho.Scopes.PER_CONNECTION);
    EpollGoal goal = EpollGoal.of(load);
    Series ours = rates.of(name);
    goals.add(
        Goal.atLeast(
            title(),
            name + " ≥ " + goal.ofTimeout() + " × " + SocketEcho.TIMEOUT,
            ours.ratioTo(rates.of(SocketEcho.TIMEOUT)),
            3,
            goal.ofTimeout()));
    goals.add(
        Goal.atLeast(
            title(),
            name + " ≥ " + goal.ofPlain() + " × " + SocketEcho.PLAIN,
            ours.ratioTo(rates.of(SocketEcho.PLAIN)),
            3,
            goal.ofPlain()));
    goals.add(
        Goal.atMost(
            title(),
            name + ": CPU ≤ " + CPU_GOAL + " × " + SocketEcho.TIMEOUT,
            cpu.of(name).ratioTo(cpu.of(SocketEcho.TIMEOUT)),
            3,
            CPU_GOAL));
  }

  /** What the Linux transport is to reach of the JDK's sockets with and without SO_TIMEOUT. */
  private record EpollGoal(double ofTimeout, double ofPlain) {
    static EpollGoal of(EchoLoad load) {
      boolean small = load.bytes() < SMALL;
      return load.threads() == ThreadKind.PLATFORM
          ? small ? new EpollGoal(1.05, 0.90) : new EpollGoal(1.08, 0.95)
          : small ? new EpollGoal(1.7, 1.15) : new EpollGoal(1.8, 1.15);
    }
  }
}
