package dev.cleanbreak.races;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./cleanbreak soak}: a long storm, in which nothing may grow. */
@Command(
    name = "./cleanbreak soak",
    mixinStandardHelpOptions = true,
    description = {
      "The storm for a long time, with connections beside it that live for one round trip between"
          + " two new threads, and a process every ten seconds.",
      "Each minute it prints what this process holds, in the midst of the storm and after a"
          + " collection of the heap. Afterwards no more may be held than after a warm-up of a"
          + " tenth of the time (at most five minutes)."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is well", "1:a promise was broken", "2:bad arguments"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./cleanbreak soak                               an hour",
      "  ./cleanbreak soak --time 10m --transport nio",
      "  ./cleanbreak soak --time 8h --json"
    })
public final class Soak implements Callable<Integer> {
  private static final int CONNECTIONS = 500;
  private static final int RATE = 3_000;
  private static final int FORKS = 200;
  private static final long MINUTE = 60;
  private static final long MOST_WARM_UP = 5 * MINUTE;
  private static final long WARM_UP_SHARE = 10;
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(7);
  private static final long MB = 1_000_000;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = TimeConverter.class,
      description = "How long to cut (default: ${DEFAULT-VALUE}).")
  private Duration time;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the bytes and the targets (default: another one each time; it is printed).")
  private long seed = System.nanoTime();

  @SuppressWarnings("UnusedVariable") // it acts by itself
  @Mixin
  private TransportOption transport;

  @Option(names = "--json", description = "Print the figures at the end as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  private long minutesTold;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Soak() {}

  /** The command; exits with 0, 1 or 2. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Soak()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
      throw new ParameterException(
          spec.commandLine(), "--time " + time + " is out of range; give 1s to 168h");
    }
    StormPlan plan = new StormPlan((int) time.toSeconds(), CONNECTIONS, RATE, FORKS, seed);
    StormOptions.requireDescriptors(spec, plan);
    long warmUp = Math.clamp(time.toSeconds() / WARM_UP_SHARE, 1, MOST_WARM_UP);

    tell(
        "%-14s %12s %6s %6s %12s %9s %7s %11s %6s %8s %11s%n",
        "",
        "cuts",
        "late",
        "broken",
        "forks",
        "processes",
        "threads",
        "descriptors",
        "wakers",
        "heap MB",
        "resident MB");
    StormFigures figures = new StormTrial((int) warmUp, plan, this::progress).run();
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? figures.json() : figures.text());
    out.flush();
    return figures.broken().isEmpty() ? 0 : 1;
  }

  private void progress(String storm, long seconds, StormLedger ledger) {
    long minutes = seconds / MINUTE;
    if (minutes < minutesTold) {
      minutesTold = 0; // the next storm
    }
    if (minutes == minutesTold) {
      return;
    }
    minutesTold = minutes;
    System.gc();
    Footprint held = Footprint.take();
    tell(
        "%-14s %,12d %,6d %,6d %,12d %,9d %,7d %,11d %,6d %,8d %,11d%n",
        storm + " " + minutes + " min",
        ledger.cuts(),
        ledger.late(),
        ledger.brokenCount(),
        ledger.forks.sum(),
        ledger.children.sum(),
        held.threads(),
        held.descriptors(),
        held.wakers(),
        held.heap() / MB,
        held.resident() / MB);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is not on our class path
  private void tell(String format, Object... values) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(Locale.ROOT, format, values);
    err.flush();
  }
}
