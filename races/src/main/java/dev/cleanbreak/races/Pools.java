package dev.cleanbreak.races;

import dev.cleanbreak.drivers.Client;
import dev.cleanbreak.drivers.PoolStorm;
import dev.cleanbreak.drivers.PoolStormResult;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./cleanbreak pools}: a pool of database connections in a storm of cuts. */
@Command(
    name = "./cleanbreak pools",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs 200 virtual threads on a HikariCP of 10 connections to a real server and cuts their"
          + " statements at random moments, by a cancel, a deadline or an interrupt; after each,"
          + " one that nobody cuts, on the same connection.",
      "",
      "At the end the pool must be whole, every row there that a thread was told of and none that"
          + " it was told had failed, and the server must have no session left. Figures go to"
          + " standard output, progress to standard error. The servers, PostgreSQL and MariaDB (for"
          + " MySQL Connector/J, too), are started and stopped by the command.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is well", "1:something broke", "2:bad arguments"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./cleanbreak pools                               half an hour: all, both ways",
      "  ./cleanbreak pools --client postgresql           five minutes each way",
      "  ./cleanbreak pools --client mariadb --by-protocol yes --time 30s",
      "  ./cleanbreak pools --time 1m --seed 42 --json"
    })
public final class Pools implements Callable<Integer> {
  private static final Map<String, List<Client>> CLIENTS =
      Map.of(
          "postgresql", List.of(Client.POSTGRESQL),
          "mariadb", List.of(Client.MARIADB),
          "mysql", List.of(Client.MYSQL),
          "all", List.of(Client.values()));
  private static final Map<String, List<Boolean>> WAYS =
      Map.of("yes", List.of(true), "no", List.of(false), "both", List.of(true, false));
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(1);

  /** Held, because the log manager would forget it and its level. */
  private static final Logger LIBRARY = Logger.getLogger("dev.cleanbreak");

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = TimeConverter.class,
      description = "How long to cut, for each driver and way (default: ${DEFAULT-VALUE}).")
  private Duration time;

  @Option(
      names = "--client",
      paramLabel = "NAME",
      defaultValue = "all",
      description = "postgresql, mariadb, mysql or all (default: ${DEFAULT-VALUE}).")
  private String client;

  @Option(
      names = "--by-protocol",
      paramLabel = "WAY",
      defaultValue = "both",
      description = {
        "yes: a cut becomes the database's own cancel (ProtocolCancel);",
        "no: the driver's calls are cut; or both (default: ${DEFAULT-VALUE})."
      })
  private String byProtocol;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of the statements and the cuts (default: another one each time; it is printed).")
  private long seed = System.nanoTime();

  @Option(names = "--json", description = "Print the figures as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Pools() {}

  /** The command; exits with 0, 1 or 2. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Pools()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    List<Client> clients = choice("--client", client, CLIENTS);
    List<Boolean> ways = choice("--by-protocol", byProtocol, WAYS);
    if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
      throw wrong("--time " + time + " is out of range; give 1s to 24h");
    }
    // pgjdbc calls again after a deadline, and the library warns of each thread that does.
    LIBRARY.setLevel(Level.SEVERE);

    List<PoolFigures.Row> rows = new ArrayList<>();
    for (Client each : clients) {
      for (boolean way : ways) {
        rows.add(new PoolFigures.Row(each, way, storm(each, way)));
      }
    }
    PoolFigures figures = new PoolFigures(time, seed, rows);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? figures.json() : figures.text());
    out.flush();
    return figures.broke() ? 1 : 0;
  }

  private <T> List<T> choice(String option, String value, Map<String, List<T>> choices) {
    List<T> chosen = choices.get(value);
    if (chosen == null) {
      throw wrong(
          option + " " + value + ": give one of " + choices.keySet().stream().sorted().toList());
    }
    return chosen;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private PoolStormResult storm(Client each, boolean way) throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    String name = PoolFigures.name(each, way);
    err.println(name + " ...");
    each.startServer();
    long began = System.nanoTime();
    PoolStormResult result =
        new PoolStorm(each, way, time)
            .run(
                seed,
                counts -> {
                  long passed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
                  err.printf(Locale.ROOT, "\r%s, %d s: %s ", name, passed, counts);
                  err.flush();
                });
    err.println();
    return result;
  }
}
