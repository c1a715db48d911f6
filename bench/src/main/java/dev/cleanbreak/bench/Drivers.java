package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What drivers and other clients lose on Cleanbreak's sockets. */
record Drivers(String transport) implements Scene {
  private static final double GOAL = 0.97;

  @Override
  public String name() {
    return "drivers-" + transport;
  }

  static List<Drivers> all() {
    return Transports.ALL.stream().map(Drivers::new).toList();
  }

  @Override
  public String title() {
    return "Drivers: one connection, the simplest request to a real server, transport " + transport;
  }

  @Override
  public List<String> jvmArguments() {
    return List.of(Transports.argument(transport));
  }

  @Override
  public SceneResult run(Plan plan, Progress progress) throws Exception {
    List<Variant> open = new ArrayList<>();
    progress.say("starts the servers");
    try (DriverServers servers = new DriverServers()) {
      try {
        for (Driver driver : Driver.values()) {
          open.add(new DriverVariant(driver.onDefault(), driver.open(servers, false)));
          open.add(new DriverVariant(driver.onCleanbreak(), driver.open(servers, true)));
        }
        // There are more variants than anywhere else.
        Plan shorter =
            new Plan(plan.rounds(), plan.warmups(), plan.slice().dividedBy(2), plan.quick());
        return new SceneResult(
            Interleaved.run(open, shorter, progress),
            List.of("Jetty, GreenMail and UnboundID's directory are in the clients' process."));
      } finally {
        Interleaved.close(open);
      }
    }
  }

  @Override
  public Table table(SceneResult result) {
    Table table =
        new Table(
            "client, request",
            "default sockets, round trips/s",
            "Cleanbreak, round trips/s",
            "ratio");
    for (Driver driver : Driver.values()) {
      table.row(
          driver.title,
          Table.spread(result.of(driver.onDefault()).spread(), 0),
          Table.spread(result.of(driver.onCleanbreak()).spread(), 0),
          Table.spread(ratio(driver, result), 3));
    }
    return table;
  }

  @Override
  public List<Goal> goals(SceneResult result) {
    return Stream.of(Driver.values())
        .map(driver ->
            Goal.atLeast(
                title(),
                driver.title + ": ≥ 0.97 of the default sockets",
                ratio(driver, result),
                3,
                GOAL))
        .toList();
  }

  private static Spread ratio(Driver driver, SceneResult result) {
    return result.of(driver.onCleanbreak()).ratioTo(result.of(driver.onDefault()));
  }
}
