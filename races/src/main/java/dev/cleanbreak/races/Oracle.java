package dev.cleanbreak.races;

import dev.cleanbreak.races.oracle.OracleRun;
import dev.cleanbreak.races.oracle.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code ./cleanbreak oracle}. */
@NullMarked
@Command(
    name = "./cleanbreak oracle",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Cuts every call at every byte offset, over real loopback sockets, and checks that nothing"
            + " was lost, doubled or reordered.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./cleanbreak oracle                              one cell of 20, about ten minutes",
      "  ./cleanbreak oracle --sample 1/200 --layer out,in --kind virtual",
      "  ./cleanbreak oracle --break drop-tail            must end with exit code 1"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every cell held", "1:a cell is broken", "2:wrong usage"})
public final class Oracle implements Callable<Integer> {
  /** One cell of so many is run by default: about ten minutes on two cores. */
  private static final int DEFAULT_EVERY = 20;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--layer",
      split = ",",
      paramLabel = "ID",
      description = "Only these layers. Default: all.")
  private Set<String> layers = new LinkedHashSet<>();

  @Option(
      names = "--kind",
      split = ",",
      paramLabel = "KIND",
      description = "Only on these threads: platform, virtual. Default: both.")
  private Set<String> kinds = new LinkedHashSet<>();

  @Option(
      names = "--sample",
      paramLabel = "1/N",
      description = "Run one cell of N. Default: 1/" + DEFAULT_EVERY + ", about ten minutes.")
  private String sample = "1/" + DEFAULT_EVERY;

  @Option(names = "--full", description = "Run the whole list.")
  private boolean full;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Chooses the sample and the messages. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1")
  private long seed;

  @Option(
      names = "--cell",
      paramLabel = "ID",
      description = "Run only this cell, as a report names it.",
      defaultValue = "")
  private String cell = "";

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Victims at once. Default: four per core.")
  private int workers = 4 * Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--break",
      paramLabel = "DEFECT",
      description =
          "Give the transport a defect, to see that the oracle finds it: drop-tail, double-tail,"
              + " eat-byte.",
      defaultValue = "none")
  private String breakage = "none";

  @Option(
      names = "--stop-after",
      paramLabel = "N",
      description = "Stop after so many broken cells. Default: ${DEFAULT-VALUE}.",
      defaultValue = "100")
  private int stopAfter;

  @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // picocli sets it; it acts by itself
  @Mixin
  private TransportOption transport;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON.")
  private @Nullable Path json;

  /** Runs the command and exits with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Oracle()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = java.util.Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    OracleRun.Selection selection =
        new OracleRun.Selection(
            layers, kinds, cell, every(commandLine), seed, workers, breakage, stopAfter);
    long began = System.nanoTime();
    Summary summary;
    try {
      summary =
          new OracleRun(
                  selection,
                  line -> {
                    out.println(line);
                    out.flush();
                  })
              .run();
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
    print(summary, selection, (System.nanoTime() - began) / 1_000_000_000, out);
    if (json != null) {
      Files.writeString(json, OracleJson.of(summary, selection));
    }
    return summary.broken() == 0 ? 0 : 1;
  }

  private int every(CommandLine commandLine) {
    if (full || !cell.isEmpty()) {
      return 1;
    }
    try {
      int every = Integer.parseInt(sample.startsWith("1/") ? sample.substring(2) : sample);
      if (every >= 1) {
        return every;
      }
    } catch (NumberFormatException ignored) {
      // Told below.
    }
    throw new CommandLine.ParameterException(
        commandLine, "--sample " + sample + " is not a share; give for instance 1/100");
  }

  private static void print(
      Summary summary, OracleRun.Selection selection, long seconds, PrintWriter out) {
    out.println();
    out.println("skipped, and why:");
    for (Map.Entry<String, Long> each : summary.skippedBecause().entrySet()) {
      out.printf("%,12d  %s%n", each.getValue(), each.getKey());
    }
    if (summary.broken() > 0) {
      out.println();
      out.println("broken:");
      summary.brokenCells().forEach(each -> out.println("  " + each));
    }
    out.println();
    out.printf("%,12d  cells listed%n", summary.listed());
    out.printf("%,12d  skipped%n", summary.skipped());
    out.printf(
        "%,12d  not drawn (sample 1/%d, seed %d)%n",
        summary.notDrawn(), selection.every(), selection.seed());
    out.printf(
        "%,12d  run in %d s on the transport %s: %s%n",
        summary.run(),
        seconds,
        TransportOption.used(),
        summary.outcomes().entrySet().stream()
            .map(each -> "%,d %s".formatted(each.getValue(), each.getKey()))
            .collect(Collectors.joining(", ")));
    out.printf("%,12d  broken%n", summary.broken());
    out.flush();
  }
}
