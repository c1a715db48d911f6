package dev.cleanbreak.races;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./cleanbreak storm}: thousands of cuts a second, and then nothing may be left of them. */
@Command(
    name = "./cleanbreak storm",
    mixinStandardHelpOptions = true,
    description = {
      "Cuts the calls of many connections, thousands of times a second, in every way there is:"
          + " scope cancel, deadline, read timeout, write timeout, interrupt, close, abort; on"
          + " platform and virtual threads, with sockets of the JDK and of Cleanbreak as peers.",
      "Every byte is checked in its place, every cut against the one that was ordered. Afterwards"
          + " threads, descriptors, selectors, registrations, timers and memory must be back where"
          + " they were after a first storm of the same size."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is well", "1:a promise was broken", "2:bad arguments"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./cleanbreak storm                              a minute, 500 connections, 10,000 a second",
      "  ./cleanbreak storm --seconds 10 --connections 50 --rate 2000",
      "  ./cleanbreak storm --seed 42 --json"
    })
public final class Storm implements Callable<Integer> {
  private static final int MOST_SECONDS = 86_400;
  private static final int MOST_CONNECTIONS = 1_000_000;
  private static final int MOST_RATE = 1_000_000;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long to cut (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "-1",
      description = "Seconds of the first storm, whose end is the baseline (default: --seconds).")
  private int warmUp;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "500",
      description = "Connections open at any time (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Cuts a second (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the bytes and the targets (default: another one each time; it is printed).")
  private long seed = System.nanoTime();

  @Option(names = "--json", description = "Print the figures as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Storm() {}

  /** The command; exits with 0, 1 or 2. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Storm()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    check("--seconds", seconds, 1, MOST_SECONDS);
    check("--connections", connections, 1, MOST_CONNECTIONS);
    check("--rate", rate, 1, MOST_RATE);
    if (warmUp == -1) {
      warmUp = seconds;
    }
    check("--warm-up", warmUp, 1, MOST_SECONDS);
    StormPlan plan = new StormPlan(seconds, connections, rate, 0, seed);
    requireDescriptors(spec, plan);

    StormFigures figures = new StormTrial(warmUp, plan, this::progress).run();
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? figures.json() : figures.text());
    out.flush();
    return figures.broken().isEmpty() ? 0 : 1;
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          option + " " + value + " is out of range; give " + least + " to " + most);
    }
  }

  static void requireDescriptors(CommandSpec spec, StormPlan plan) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      long limit = unix.getMaxFileDescriptorCount();
      if (plan.descriptors() > limit) {
        throw new ParameterException(
            spec.commandLine(),
            String.format(
                Locale.ROOT,
                "%d connections need about %d open descriptors, and the limit is %d; "
                    + "run \"ulimit -n %d\" first or use --connections %d",
                plan.connections(),
                plan.descriptors(),
                limit,
                plan.descriptors(),
                StormPlan.connectionsFor(limit)));
      }
    }
  }

  private void progress(String name, long seconds, StormLedger ledger) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "\r%s %d s: %,d cuts, %,d late, %d broken ",
        name,
        seconds,
        ledger.cuts(),
        ledger.late(),
        ledger.brokenCount());
    err.flush();
  }
}
