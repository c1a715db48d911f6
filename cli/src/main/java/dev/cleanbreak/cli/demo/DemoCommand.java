package dev.cleanbreak.cli.demo;

import dev.cleanbreak.SocketSettings;
import dev.cleanbreak.cli.agent.AgentJar;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code cleanbreak demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what becomes of a print client's blocked call, and of its connection, when the"
          + " printer jams and something ends the call: once on java.net.Socket and once on"
          + " Cleanbreak.",
      "The printer and the client run in processes of their own, over real sockets on the"
          + " loopback interface. Nothing is left behind."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cleanbreak demo                                   everything, under 45 seconds",
      "  cleanbreak demo --only close --wire tls           one way, under TLS",
      "  cleanbreak demo --only interrupt,future-cancel --kind virtual",
      "  cleanbreak demo --json > rows.json                every detail, for a program"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every Cleanbreak row holds the contract",
      "1:one does not, or could not be tried; it is named",
      "2:bad usage"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int HOLDS = 0;
  private static final int BROKEN = 1;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "WAY",
      converter = WayConverter.class,
      description = {
        "Only these ways of ending a call: interrupt, future-cancel, shutdown-now, close,"
            + " read-timeout, write-timeout, deadline, scope-cancel."
      })
  private List<Way> only = new ArrayList<>();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      converter = ThreadKindConverter.class,
      description = "Only this kind of threads: platform or virtual.")
  private @Nullable ThreadKind kind;

  @Option(
      names = "--wire",
      paramLabel = "WIRE",
      converter = WireConverter.class,
      description = "Only this kind of connections: plain or tls.")
  private @Nullable Wire wire;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "2",
      converter = LimitConverter.class,
      description =
          "How long a call may hang after its cut before it counts as hung; 0.5 to 60, default"
              + " ${DEFAULT-VALUE}.")
  private Duration limit = Duration.ZERO;

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      description =
          "Put Cleanbreak's sockets on this transport: nio or epoll. Default: what an application"
              + " would have here.")
  private @Nullable String transport;

  @Option(names = "--json", description = "Print one JSON document instead of the table.")
  private boolean json;

  /** Made by picocli. */
  DemoCommand() {}

  static final class WayConverter implements ITypeConverter<Way> {
    @Override
    public Way convert(String text) {
      return Label.parse(Way.class, text);
    }
  }

  static final class ThreadKindConverter implements ITypeConverter<ThreadKind> {
    @Override
    public ThreadKind convert(String text) {
      return Label.parse(ThreadKind.class, text);
    }
  }

  static final class WireConverter implements ITypeConverter<Wire> {
    @Override
    public Wire convert(String text) {
      return Label.parse(Wire.class, text);
    }
  }

  static final class LimitConverter implements ITypeConverter<Duration> {
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(60);

    @Override
    public Duration convert(String text) {
      try {
        Duration limit = Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue());
        if (limit.compareTo(LEAST) >= 0 && limit.compareTo(MOST) <= 0) {
          return limit;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new TypeConversionException(
          "'" + text + "' is not a number of seconds from 0.5 to 60, such as 2 or 0.5");
    }
  }

  /** That of the client, chosen here, in a JVM that is started as the client's is. */
  private String transport() {
    SocketSettings settings = SocketSettings.standard();
    if (transport != null) {
      try {
        settings = settings.withTransport(transport);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(
            spec.commandLine(), "--transport " + transport + ": " + e.getMessage(), e);
      }
    }
    return settings.transport().name();
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Cell> cells =
        Cell.all(cell ->
            (only.isEmpty() || only.contains(cell.way()))
                && (kind == null || kind == cell.thread())
                && (wire == null || wire == cell.wire()));
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    String used = transport();
    Result result;
    SecondHalf second = new SecondHalf(List.of());
    long start = System.nanoTime();
    try {
      List<Report> reports = run(cells, used, List.of(), err);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      result = new Result(reports, limit, took, used);
      Optional<Path> agent = AgentJar.find();
      List<Cell> again = SecondHalf.cells(result);
      if (agent.isPresent() && !again.isEmpty()) {
        second = new SecondHalf(run(again, used, List.of("-javaagent:" + agent.get()), err));
      }
    } catch (IOException e) {
      err.println("cleanbreak demo could not run: " + e.getMessage());
      return BROKEN;
    }
    if (json) {
      ResultJson.write(result, second, out);
    } else {
      new Table(result).print(out);
      second.print(out);
    }
    out.flush();
    result.broken().forEach(err::println);
    err.flush();
    return result.broken().isEmpty() ? HOLDS : BROKEN;
  }

  private List<Report> run(
      List<Cell> cells, String transport, List<String> clientFlags, PrintWriter err)
      throws IOException, InterruptedException {
    try (Progress progress = new Progress(err, cells.size())) {
      return new Demo(cells, limit, transport, clientFlags).run(progress);
    }
  }
}
