package dev.cleanbreak.cli.agent;

import dev.cleanbreak.cli.Version;
import dev.cleanbreak.report.ForeignFileException;
import dev.cleanbreak.report.Recording;
import dev.cleanbreak.report.ReportPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cleanbreak report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Makes one HTML page of recordings: who cut calls, when, whose, and the full chains.",
      "The page needs no network and nothing beside it: send it to anybody. A summary goes to the"
          + " terminal."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cleanbreak report cuts-4711.jsonl           writes cleanbreak-report.html",
      "  cleanbreak report --out fleet.html cuts/    every .jsonl and .jfr of a folder, one page",
      "  cleanbreak report app.jfr                   Cleanbreak's events in a Flight Recorder file",
      "  cleanbreak report --json cuts.jsonl | jq .sites"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the page is there",
      "1:a recording cannot be read, or the page cannot be written; it is named",
      "2:bad usage"
    })
public final class ReportCommand implements Callable<Integer> {
  private static final int BAD = 1;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Recordings: JSON lines of 'cleanbreak run', 'watch' or the agent, Flight Recorder"
              + " files, or folders of them.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "cleanbreak-report.html",
      description = "Where the page goes, over what is there. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("");

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "20000",
      description =
          "The most cuts that the page holds; of more, the newest. The summary counts all."
              + " Default: ${DEFAULT-VALUE}.")
  private int most;

  @Option(names = "--json", description = "Print the summary as one JSON document.")
  private boolean json;

  /** Made by picocli. */
  ReportCommand() {}

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    List<Recording> recordings = new ArrayList<>();
    boolean good = read(recordings, err);
    if (!recordings.isEmpty()) {
      Tally tally = Tally.of(recordings);
      good &= write(recordings, tally, err);
      summarize(tally);
    }
    err.flush();
    return good ? 0 : BAD;
  }

  private boolean read(List<Recording> recordings, PrintWriter err) {
    boolean good = true;
    for (Path file : files) {
      try {
        for (Path each : Files.isDirectory(file) ? recordingsIn(file) : List.of(file)) {
          recordings.addAll(Recording.read(each));
        }
      } catch (IOException e) {
        good = false;
        err.println("cleanbreak report: " + why(file, e));
      }
    }
    for (Recording recording : recordings) {
      for (String problem : recording.problems()) {
        err.println(
            "cleanbreak report: %s, %s; the rest of it is in the page"
                .formatted(recording.source(), problem));
      }
    }
    return good;
  }

  private static List<Path> recordingsIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files
              .filter(
                  file -> file.toString().endsWith(".jsonl") || file.toString().endsWith(".jfr"))
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new ForeignFolderException();
      }
      return found;
    }
  }

  /** A folder without recordings. */
  private static final class ForeignFolderException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private static String why(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> "there is no file " + file + "; give the recording's name";
      case AccessDeniedException denied ->
          file + " may not be read by this user; change its rights, or the user";
      case ForeignFolderException none ->
          file + " has no .jsonl and no .jfr in it; give the folder of the recordings";
      case ForeignFileException foreign ->
          file
              + " is no recording of cuts ("
              + foreign.getMessage()
              + "); give what 'cleanbreak run', 'cleanbreak watch' or Flight Recorder wrote";
      default -> file + " cannot be read: " + e;
    };
  }

  private boolean write(List<Recording> recordings, Tally tally, PrintWriter err) {
    StringWriter summary = new StringWriter();
    tally.print(new PrintWriter(summary));
    try (Writer page = Files.newBufferedWriter(out)) {
      ReportPage.write(recordings, most, summary.toString(), Version.ofThis(), Instant.now(), page);
      return true;
    } catch (IOException e) {
      err.println("cleanbreak report: the page cannot be written: " + Output.why(out, e));
      return false;
    }
  }

  private void summarize(Tally tally) {
    PrintWriter terminal = spec.commandLine().getOut();
    if (json) {
      tally.json(terminal);
    } else {
      tally.print(terminal);
      terminal.println("page: " + out);
    }
    terminal.flush();
  }
}
