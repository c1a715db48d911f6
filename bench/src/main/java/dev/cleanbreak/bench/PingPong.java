package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.List;

/** How fast messages go to and fro between two ends of the same kind. */
record PingPong(EchoLoad load) implements Scene {
  private static final double GOAL = 0.90;
  private static final double AIM = 0.95;
  private static final double SCOPE_GOAL = 0.97;

  private static final List<String> TRANSPORTS = List.of("nio", "epoll");

  private static final String NIO = CleanEcho.name("nio", CleanEcho.Scopes.NONE);

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
    for (String transport : TRANSPORTS) {
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
    List<Variant> open = new ArrayList<>();
    try {
      for (EchoVariant variant : variants()) {
        open.add(variant.open(load));
      }
      return new SceneResult(Interleaved.run(open, plan, progress), List.of());
    } finally {
      Interleaved.close(open);
    }
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table("both ends", "thousand round trips/s", "÷ " + SocketEcho.TIMEOUT, "÷ " + NIO);
    Series timeout = result.of(SocketEcho.TIMEOUT);
    Series unscoped = result.of(NIO);
    for (Series series : result.series()) {
      Spread rate = series.spread();
      table.row(
          series.variant(),
          Table.spread(new Spread(rate.low() / 1000, rate.median() / 1000, rate.high() / 1000), 1),
          Table.spread(series.ratioTo(timeout), 2),
          Table.spread(series.ratioTo(unscoped), 2));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    Series unscoped = result.of(NIO);
    List<Goal> goals = new ArrayList<>();
    if (load.threads() == ThreadKind.PLATFORM) {
      Spread ratio = unscoped.ratioTo(result.of(SocketEcho.TIMEOUT));
      goals.add(
          Goal.atLeast(
              title(), "Cleanbreak ≥ 0.90 × java.net.Socket + SO_TIMEOUT", ratio, 3, GOAL));
      goals.add(Goal.atLeast(title(), "the same, aim: ≥ 0.95", ratio, 3, AIM));
    }
    for (CleanEcho.Scopes scopes : CleanEcho.Scopes.values()) {
      if (scopes != CleanEcho.Scopes.NONE) {
        Spread ratio = result.of(CleanEcho.name("nio", scopes)).ratioTo(unscoped);
        goals.add(Goal.atLeast(title(), scopes.title + ": ≥ 0.97 of none", ratio, 3, SCOPE_GOAL));
      }
    }
    return goals;
  }
}
