package dev.cleanbreak.examples.fanout;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./cleanbreak fanout}: the losers of a race are cancelled, and their connections live on.
 */
@Command(
    name = "./cleanbreak fanout",
    mixinStandardHelpOptions = true,
    description = {
      "Starts several PostgreSQL servers, each behind a pool with one connection, and asks all of"
          + " them the same. The first answer counts; what the others still work on is cancelled by"
          + " PostgreSQL's own protocol, and their connections take part in the next round."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:each pool still has the connection that it had",
      "1:a connection was replaced, or something failed",
      "2:bad arguments"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./cleanbreak fanout",
      "  ./cleanbreak fanout --limit 100                 often nobody answers in time",
      "  ./cleanbreak fanout --question 'select 1'       often several answer"
    })
public final class FanOutApp implements Callable<Integer> {
  private static final int MOST_REPLICAS = 16;
  private static final int MOST_ROUNDS = 10_000;
  private static final int MOST_MILLIS = 3_600_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often to ask (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many to ask (default: ${DEFAULT-VALUE}).")
  private int replicas;

  @Option(
      names = "--limit",
      paramLabel = "MILLIS",
      defaultValue = "10000",
      description = "The deadline of each round (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--question",
      paramLabel = "SQL",
      // As servers are: mostly quick, sometimes a thousand times slower.
      defaultValue =
          "select current_setting('cluster_name') from pg_sleep(0.05 * 2 ^ (10 * random()))",
      description = "A query (default: the server's name, after 50 ms to 51 s by chance).")
  private String question;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  FanOutApp() {}

  /** The command; exits with 0, 1 or 2. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new FanOutApp()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    check("--rounds", rounds, 1, MOST_ROUNDS);
    check("--replicas", replicas, 2, MOST_REPLICAS);
    check("--limit", limit, 1, MOST_MILLIS);
    List<Replica> started = new ArrayList<>();
    try {
      for (int i = 1; i <= replicas; i++) {
        started.add(Replica.start("replica" + i));
      }
      return run(started, spec.commandLine().getOut()) ? 0 : 1;
    } finally {
      for (Replica each : started) {
        each.close();
      }
    }
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          option + " " + value + " is out of range; give " + least + " to " + most);
    }
  }

  /** Whether each pool has kept its connection. */
  private boolean run(List<Replica> asked, PrintWriter out)
      throws InterruptedException, SQLException {
    List<String> before = sessions(asked);
    out.println("The connections lead to the server processes " + String.join(", ", before));
    for (int i = 1; i <= rounds; i++) {
      Round round = new Round(asked, question);
      Ending first = round.firstAnswer("round " + i, Duration.ofMillis(limit));
      out.println();
      out.println("round " + i + ": " + (first == null ? "nobody answered" : first));
      for (Ending each : round.endings()) {
        if (!each.equals(first)) {
          out.println("  " + each);
        }
      }
      out.flush();
    }
    List<String> after = sessions(asked);
    out.println();
    out.println("The connections lead to the server processes " + String.join(", ", after));
    out.flush();
    return after.equals(before);
  }

  /** The processes of the servers that serve the pools' connections. */
  private static List<String> sessions(List<Replica> asked) throws SQLException {
    List<String> found = new ArrayList<>();
    for (Replica each : asked) {
      found.add(each.answer("select pg_backend_pid()"));
    }
    return found;
  }
}
