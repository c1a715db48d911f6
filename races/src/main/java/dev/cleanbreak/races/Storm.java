package dev.cleanbreak.races;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
  private static final int SECONDS = 60;

  @Mixin private StormOptions size = new StormOptions(SECONDS);

  @SuppressWarnings("UnusedVariable") // it acts by itself
  @Mixin
  private TransportOption transport;

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
    StormPlan plan = size.plan();
    StormFigures figures = new StormTrial(size.warmUp(), plan, this::progress).run();
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? figures.json() : figures.text());
    out.flush();
    return figures.broken().isEmpty() ? 0 : 1;
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
