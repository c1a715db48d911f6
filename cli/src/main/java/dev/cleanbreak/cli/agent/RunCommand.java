package dev.cleanbreak.cli.agent;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cleanbreak run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    customSynopsis = "cleanbreak run [--out FILE] [--live] [--json] [--fail-on-cut] -- COMMAND...",
    description = {
      "Starts a Java program (Java 17 or later) under the agent: each call that somebody cuts says"
          + " who did it, in the very exception that the program logs, and in a recording.",
      "The program keeps its standard input and output, its signals and its exit code. A COMMAND"
          + " that is not java (a script, a build) gets the agent into every JVM that it starts."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cleanbreak run -- java -jar app.jar",
      "  cleanbreak run --live -- java -jar app.jar 2> app.log",
      "  cleanbreak run --out cuts.jsonl --fail-on-cut -- ./mvnw verify",
      "  cleanbreak report cuts.jsonl                      the page of what was recorded"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "n:the program's own; 128 and its number for a signal that ended it",
      "2:bad usage; the program was not started",
      "3:with --fail-on-cut: the program ended with 0, but calls were cut",
      "125:the agent or the recording cannot be had; with --fail-on-cut also: nothing was watched",
      "126:COMMAND may not be run",
      "127:there is no COMMAND"
    })
public final class RunCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 200;
  private static final int CUT = 3;
  private static final int CANNOT_WATCH = 125;

  @SuppressWarnings("NullAway.Init") // by use()
  private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Write the recording here, over what is there. Default: cuts-PID.jsonl in this folder,"
              + " kept only if a call was cut.")
  private @Nullable Path out;

  @Option(names = "--live", description = "Print each cut as it comes, on standard error.")
  private boolean live;

  @Option(
      names = "--json",
      description = "Print the summary, and with --live each cut, as JSON, on standard error.")
  private boolean json;

  @Option(
      names = "--fail-on-cut",
      description = "Exit with 3 if the program ends with 0, but somebody in it cut a call.")
  private boolean failOnCut;

  @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "What to start.")
  private List<String> command = new ArrayList<>();

  /** Made by picocli. */
  RunCommand() {}

  @Spec
  void use(CommandSpec given) {
    spec = given;
    // What stands behind the program's name is the program's own.
    given.parser().stopAtPositional(true);
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return run(err);
    } catch (Refused e) {
      err.println("cleanbreak run: " + e.getMessage());
      return CANNOT_WATCH;
    } catch (Program.CannotStart e) {
      err.println("cleanbreak run: " + e.getMessage());
      return e.exitCode();
    }
  }

  private int run(PrintWriter err) throws Refused, Program.CannotStart, InterruptedException {
    Path pattern = pattern();
    String options = AgentJar.out(pattern);
    Path agent = AgentJar.path();
    try (Recorded recorded = begin(pattern)) {
      Program program = Program.start(command, agent, options);
      while (!program.awaitFor(LOOK_MILLIS)) {
        tell(recorded, err);
      }
      tell(recorded, err);
      summarize(recorded, err);
      return exitCode(program.exitCode(), recorded, err);
    } catch (IOException e) {
      throw new Refused("the recording cannot be followed: " + e.getMessage(), e);
    }
  }

  /** Where each JVM's recording goes; a command that is not java may start many. */
  private Path pattern() {
    if (out == null) {
      return Path.of("cuts-%p.jsonl");
    }
    String name = out.toString();
    if (Program.isJava(command.getFirst()) || name.contains("%p")) {
      return out;
    }
    int dot = name.lastIndexOf('.');
    int end = dot > name.lastIndexOf(File.separatorChar) ? dot : name.length();
    return Path.of(name.substring(0, end) + "-%p" + name.substring(end));
  }

  private static Recorded begin(Path pattern) throws Refused {
    Path folder = pattern.toAbsolutePath().getParent();
    try {
      if (pattern.toString().contains("%p")) {
        Files.delete(Files.createTempFile(folder, ".cleanbreak", ""));
      } else {
        Output.demandWritable(pattern);
      }
      return new Recorded(pattern);
    } catch (IOException e) {
      throw new Refused("the recording cannot be written: " + Output.why(pattern, e), e);
    }
  }

  private void tell(Recorded recorded, PrintWriter err) throws IOException {
    recorded.more(line -> {
      if (live) {
        err.println(json ? line.text() : CutLine.of(line.cut()));
      }
    });
    err.flush();
  }

  private void summarize(Recorded recorded, PrintWriter err) throws IOException {
    if (json) {
      recorded.tally().json(err);
    } else if (recorded.isBegun()) {
      err.println();
      err.print("cleanbreak: ");
      recorded.tally().print(err);
    } else {
      err.println(
          "cleanbreak: nothing was recorded: no JVM with the agent came up, or it said above why not");
    }
    if (out == null) {
      for (Path file : recorded.files(false)) {
        Files.deleteIfExists(file);
      }
    }
    if (!json) {
      for (Path file : recorded.files(true)) {
        err.println("recording: " + file + " (cleanbreak report makes a page of it)");
      }
    }
    err.flush();
  }

  private int exitCode(int ofProgram, Recorded recorded, PrintWriter err) {
    if (!failOnCut || ofProgram != 0) {
      return ofProgram;
    }
    if (!recorded.isBegun()) {
      err.println("cleanbreak run: nothing was watched, so nothing is known; exit code 125");
      return CANNOT_WATCH;
    }
    int cut = recorded.tally().byCode();
    if (cut == 0) {
      return 0;
    }
    err.println(
        "cleanbreak run: "
            + Tally.plural(cut, "call")
            + " cut by code of the program: exit code 3");
    return CUT;
  }
}
