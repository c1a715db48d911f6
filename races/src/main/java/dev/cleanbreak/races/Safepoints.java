package dev.cleanbreak.races;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./cleanbreak safepoints}: the storm under every collector, on both transports. */
@Command(
    name = "./cleanbreak safepoints",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the storm in a JVM of its own under every collector and on every transport, and asks"
          + " for a safepoint each millisecond. A call of the library that keeps a thread from"
          + " its safepoint holds up all others: the longest time until all were there is shown.",
      "Progress goes to standard error."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is well", "1:a storm broke, or its JVM died", "2:bad arguments"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./cleanbreak safepoints                         about twelve minutes",
      "  ./cleanbreak safepoints --seconds 10 --collectors G1,Z --transports epoll",
      "  ./cleanbreak safepoints --seed 42 --json"
    })
public final class Safepoints implements Callable<Integer> {
  private static final List<String> COLLECTORS =
      List.of("Serial", "Parallel", "G1", "Z", "Shenandoah");
  private static final List<String> TRANSPORTS = List.of("nio", "epoll");
  private static final int SECONDS = 30;
  private static final double NANOS_PER_MILLI = 1e6;

  @Mixin private StormOptions size = new StormOptions(SECONDS);

  @Option(
      names = "--collectors",
      split = ",",
      paramLabel = "NAME",
      description = "Serial, Parallel, G1, Z, Shenandoah (default: all).")
  private List<String> collectors = COLLECTORS;

  @Option(
      names = "--transports",
      split = ",",
      paramLabel = "NAME",
      description = "nio, epoll (default: both).")
  private List<String> transports = TRANSPORTS;

  @Option(names = "--json", description = "Print the figures as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Safepoints() {}

  /** The command; exits with 0, 1 or 2. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Safepoints()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    StormPlan plan = size.plan();
    requireKnown("--collectors", collectors, COLLECTORS);
    requireKnown("--transports", transports, TRANSPORTS);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<SafepointStorm.Result> results = new ArrayList<>();
    for (String collector : collectors) {
      for (String transport : transports) {
        err.println(collector + ", " + transport + " ...");
        err.flush();
        SafepointStorm.Result result =
            new SafepointStorm(collector, transport, size.arguments()).run();
        err.println();
        if (result.exitCode() == CommandLine.ExitCode.USAGE) {
          return CommandLine.ExitCode.USAGE; // the storm has said why
        }
        results.add(result);
      }
    }
    out.println(json ? json(plan, results) : text(plan, results));
    out.flush();
    return results.stream().allMatch(each -> each.exitCode() == 0) ? 0 : 1;
  }

  private void requireKnown(String option, List<String> asked, List<String> known) {
    for (String each : asked) {
      if (!known.contains(each)) {
        throw new ParameterException(
            spec.commandLine(), option + " " + each + ": give some of " + known);
      }
    }
  }

  private static String text(StormPlan plan, List<SafepointStorm.Result> results) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%n%-12s %-10s %9s %6s %6s %10s %22s%n",
                "collector",
                "transport",
                "cuts",
                "late",
                "broken",
                "safepoints",
                "longest time to it, ms"));
    for (SafepointStorm.Result each : results) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-12s %-10s %,9d %,6d %6d %,10d %,22.2f%n",
              each.collector(),
              each.transport(),
              each.cuts(),
              each.late(),
              each.broken().size(),
              each.safepoints(),
              each.longestNanos() / NANOS_PER_MILLI));
    }
    text.append(String.format("%nSeed %d.%n", plan.seed()));
    boolean well = true;
    for (SafepointStorm.Result each : results) {
      String name = each.collector() + ", " + each.transport();
      if (each.exitCode() != 0 && each.broken().isEmpty()) {
        text.append(String.format("DIED: %s: exit code %d%n", name, each.exitCode()));
      }
      each.broken().forEach(how -> text.append(String.format("BROKEN: %s: %s%n", name, how)));
      well &= each.exitCode() == 0;
    }
    return text.append(well ? "Nothing broke." : "It broke.").toString();
  }

  private static String json(StormPlan plan, List<SafepointStorm.Result> results) {
    return results.stream()
        .map(each ->
            String.format(
                Locale.ROOT,
                "{\"collector\":\"%s\",\"transport\":\"%s\",\"exitCode\":%d,\"cuts\":%d,"
                    + "\"late\":%d,\"safepoints\":%d,\"longestNanos\":%d,\"broken\":[%s]}",
                each.collector(),
                each.transport(),
                each.exitCode(),
                each.cuts(),
                each.late(),
                each.safepoints(),
                each.longestNanos(),
                String.join(",", each.broken())))
        .collect(
            Collectors.joining(
                ",",
                String.format(
                    "{\"seconds\":%d,\"connections\":%d,\"rate\":%d,\"seed\":%d,\"storms\":[",
                    plan.seconds(), plan.connections(), plan.rate(), plan.seed()),
                "]}"));
  }
}
