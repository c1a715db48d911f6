package dev.cleanbreak.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ./cleanbreak bench}. */
@Command(
    name = "./cleanbreak bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures Cleanbreak side by side with the sockets of the JDK, Okio and Netty, and drivers and"
          + " clients on its sockets and on their own.",
      "",
      "Each scene runs in a JVM of its own; in it the variants take turns, round after round, and"
          + " a ratio is the median of the ratios within one round. Figures stand with their"
          + " 95 %% interval: median [from - to]. Let nothing else run on the machine. Results go to"
          + " standard output, progress to standard error.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./cleanbreak bench                                everything, 15 to 20 minutes",
      "  ./cleanbreak bench --quick                        does it work? two minutes",
      "  ./cleanbreak bench --only cut --only lateness     two families of scenes",
      "  ./cleanbreak bench --only pingpong-64B-virtual --rounds 21 --seconds 1",
      "  ./cleanbreak bench --write docs/performance.md    rewrites its figures",
      "  ./cleanbreak bench --json > bench.json            every single value",
      "",
      "Exits with 0 whether or not the goals were met, with 1 if a benchmark failed, with 2 for"
          + " wrong options."
    })
public final class Bench implements Callable<Integer> {
  private static final Plan QUICK = new Plan(2, 1, Duration.ofMillis(60), true);
  private static final int ROUNDS = 11;
  private static final int WARMUPS = 2;
  private static final double SECONDS = 0.5;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description = "Only this scene or family; may be repeated. See --list.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--list", description = "List the scenes and exit.")
  private boolean list;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Turns of each variant (default: " + ROUNDS + "; storm and idle: at most 5).")
  private @Nullable Integer rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Length of one turn (default: " + SECONDS + ").")
  private @Nullable Double seconds;

  @Option(names = "--quick", description = "A smoke run: shows that it works, measures nothing.")
  private boolean quick;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Also rewrite the part of this markdown page between its two markers.")
  private @Nullable Path write;

  @Option(names = "--json", description = "Print JSON instead of markdown.")
  private boolean json;

  private final String command;
  private final PrintStream out;

  Bench(String command, PrintStream out) {
    this.command = command;
    this.out = out;
  }

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(out, arguments));
  }

  static int run(PrintStream out, String... arguments) {
    String command = ("./cleanbreak bench " + String.join(" ", arguments)).strip();
    return new CommandLine(new Bench(command, out))
        .setExecutionExceptionHandler((failure, _, _) -> {
          System.err.println("bench: failed: " + failure.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        })
        .execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      Scenes.all().forEach(scene -> out.printf("%-26s %s%n", scene.name(), scene.title()));
      return CommandLine.ExitCode.OK;
    }
    Set<Scene> chosen = chosen();
    Plan plan = plan();
    MarkedPage page = write == null ? null : new MarkedPage(write);
    if (page != null) {
      page.check();
    }
    Map<String, String> machine = Machine.facts();
    List<Report.Entry> entries = new ArrayList<>();
    for (Scene scene : chosen) {
      entries.add(new Report.Entry(scene, run(scene, plan)));
    }
    Report report = new Report(command, machine, plan, entries);
    out.print(json ? JsonReport.of(report) : report.markdown());
    if (page != null) {
      page.replace(report.markdown());
    }
    return CommandLine.ExitCode.OK;
  }

  private static SceneResult run(Scene scene, Plan plan) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add(scene.name());
    arguments.addAll(plan.toArguments());
    return SceneResult.parse(new ForkedJvm(SceneMain.class, scene.jvmArguments()).run(arguments));
  }

  private Set<Scene> chosen() {
    Set<Scene> chosen = new LinkedHashSet<>(only.isEmpty() ? Scenes.all() : List.of());
    for (String name : only) {
      List<Scene> found = Scenes.under(name);
      if (found.isEmpty()) {
        throw wrong("--only " + name + ": there is no such scene; --list shows them");
      }
      chosen.addAll(found);
    }
    return chosen;
  }

  private Plan plan() {
    Plan standard =
        quick ? QUICK : new Plan(ROUNDS, WARMUPS, Duration.ofMillis((long) (SECONDS * 1e3)), false);
    int turns = rounds == null ? standard.rounds() : rounds;
    long millis = seconds == null ? standard.slice().toMillis() : Math.round(seconds * 1e3);
    if (turns < 1) {
      throw wrong("--rounds < 1: " + turns);
    }
    if (millis < 1 || millis > Duration.ofMinutes(1).toMillis()) {
      throw wrong("--seconds not between 0.001 and 60: " + seconds);
    }
    return new Plan(turns, standard.warmups(), Duration.ofMillis(millis), quick);
  }

  private ParameterException wrong(String what) {
    return new ParameterException(
        java.util.Objects.requireNonNull(spec, "picocli sets it").commandLine(), what);
  }
}
