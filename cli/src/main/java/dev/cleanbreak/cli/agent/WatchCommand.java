package dev.cleanbreak.cli.agent;

import dev.cleanbreak.cli.Terminals;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cleanbreak watch}. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Puts the agent into a JVM that runs (Java 17 or later, of this user), shows who cuts calls in"
          + " it, and takes the agent out again when you leave (Ctrl-C, or q).",
      "At a terminal: cuts per minute by verdict and by culprit, and the newest first. Elsewhere: a"
          + " line for each cut."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cleanbreak watch                         lists the JVMs and asks for one",
      "  cleanbreak watch 4711",
      "  cleanbreak watch 4711 --out cuts.jsonl   and keeps the recording, for 'cleanbreak report'",
      "  cleanbreak watch 4711 --json --seconds 60 | jq .sentence",
      "  cleanbreak watch 4711 --agentless        Java 25 or later, where agents are forbidden",
      "  cleanbreak watch 4711 --undo             takes out an agent that was left in"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:you left, or the program ended",
      "1:the process cannot be watched; one line says why and what to do",
      "2:bad usage"
    })
public final class WatchCommand implements Callable<Integer> {
  private static final int CANNOT_WATCH = 1;
  private static final long LOOK_MILLIS = 200;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Parameters(
      paramLabel = "PID",
      arity = "0..1",
      description = "The process. Without: a list to choose from.")
  private @Nullable Long pid;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Keep the recording here, over what is there. Default: it is not kept.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print each cut as a line of JSON.")
  private boolean json;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Leave after so many seconds. Default: at Ctrl-C.")
  private @Nullable Long seconds;

  @Option(
      names = "--agentless",
      description =
          "Put in no agent: have Flight Recorder trace who interrupts and closes (Java 25 or"
              + " later), and match that with exceptions by time. It cannot know which thread or"
              + " socket was hit, so it says 'possible'.")
  private boolean agentless;

  @Option(names = "--undo", description = "Take out the agent that a killed watch left in.")
  private boolean undo;

  private final CountDownLatch leave = new CountDownLatch(1);

  /** Made by picocli. */
  WatchCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      long process = pid == null ? choose() : pid;
      if (undo) {
        undo(process);
      } else {
        watch(process);
      }
      return 0;
    } catch (Refused e) {
      err.println("cleanbreak watch: " + e.getMessage());
      err.flush();
      return CANNOT_WATCH;
    }
  }

  /** Shows the list, and asks where somebody can answer. */
  private long choose() throws Refused {
    PrintWriter terminal = spec.commandLine().getOut();
    List<RunningJvm> jvms = RunningJvm.all();
    if (jvms.isEmpty()) {
      throw new Refused("no other JVM of this user runs; start one, or run this as its user");
    }
    jvms.forEach(jvm -> terminal.println(jvm.line()));
    terminal.flush();
    Console console = Terminals.isInteractive() ? System.console() : null;
    if (console == null) {
      throw new Refused("which of these? Give its PID: cleanbreak watch PID");
    }
    String answer = console.readLine("Which PID? ");
    try {
      return Long.parseLong(answer == null ? "" : answer.strip());
    } catch (NumberFormatException e) {
      throw new Refused("'%s' is no PID; nothing was done".formatted(answer), e);
    }
  }

  private void undo(long process) throws Refused {
    Attachment.demandOwnJvm(process);
    try (WatchFolder folder = new WatchFolder(process)) {
      tell(process, "undo,failure=" + folder.failure(), folder);
    } catch (IOException e) {
      throw noFolder(e);
    }
    spec.commandLine().getOut().println("the agent is out of process " + process);
  }

  private void watch(long process) throws Refused, InterruptedException {
    Attachment.demandOwnJvm(process);
    if (out != null) {
      Output.demandWritable(out);
    }
    for (String signal : List.of("INT", "TERM", "HUP")) {
      Signals.register(signal, leave::countDown);
    }
    try (WatchFolder folder = new WatchFolder(process)) {
      if (agentless) {
        MethodTrace trace = MethodTrace.start(process, folder.recording());
        try {
          follow(process, folder);
        } finally {
          trace.close();
        }
      } else {
        tell(process, AgentJar.out(folder.recording()) + ",failure=" + folder.failure(), folder);
        try {
          follow(process, folder);
        } finally {
          takeOut(process, folder);
        }
      }
      keep(folder);
    } catch (IOException e) {
      throw noFolder(e);
    }
  }

  private static Refused noFolder(IOException e) {
    return new Refused(
        "the recording cannot be passed on: %s; is there room in %s?"
            .formatted(e.getMessage(), System.getProperty("java.io.tmpdir")),
        e);
  }

  private static void tell(long process, String options, WatchFolder folder) throws Refused {
    Path agent = AgentJar.path();
    try (Attachment attachment = Attachment.to(process)) {
      attachment.load(agent, options, folder.failure());
    }
  }

  /** Whatever becomes of the watch, the agent is not to stay. */
  private void takeOut(long process, WatchFolder folder) {
    if (ProcessHandle.of(process).isEmpty()) {
      return;
    }
    try {
      tell(process, "undo,failure=" + folder.failure(), folder);
    } catch (Refused e) {
      if (ProcessHandle.of(process).isPresent()) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
            "cleanbreak watch: the agent may still be in process %d (%s); 'cleanbreak watch --undo %d' tries again"
                .formatted(process, e.getMessage(), process));
        err.flush();
      }
    }
  }

  private void follow(long process, WatchFolder folder) throws IOException, InterruptedException {
    try (Recorded recorded = new Recorded(folder.recording())) {
      boolean ended = show(process, recorded);
      PrintWriter err = spec.commandLine().getErr();
      if (ended) {
        err.println("process " + process + " has ended");
      }
      err.println(recorded.tally().headline());
      err.flush();
    }
  }

  /** Shows cuts until somebody leaves, or the process ends; whether it did. */
  private boolean show(long process, Recorded recorded) throws IOException, InterruptedException {
    long limit = seconds == null ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds);
    long began = System.nanoTime();
    try (View view = view(process)) {
      boolean alive;
      boolean left;
      do {
        alive = ProcessHandle.of(process).isPresent();
        recorded.more(view::cut);
        view.show(recorded.tally());
        left = view.isLeft() || System.nanoTime() - began >= limit;
      } while (alive && !left && !leave.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
      recorded.more(view::cut);
      return !alive;
    }
  }

  private View view(long process) throws IOException {
    PrintWriter terminal = spec.commandLine().getOut();
    if (json) {
      return new LineView(terminal, Recorded.Line::text);
    }
    return Terminals.isInteractive()
        ? new ScreenView(process)
        : new LineView(terminal, line -> CutLine.of(line.cut()));
  }

  private void keep(WatchFolder folder) throws Refused {
    if (out == null) {
      return;
    }
    try {
      Files.copy(folder.recording(), out, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new Refused("the recording cannot be kept: " + Output.why(out, e), e);
    }
  }
}
