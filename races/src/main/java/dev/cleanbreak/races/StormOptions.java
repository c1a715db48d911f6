package dev.cleanbreak.races;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How large a storm is to be. */
@NullMarked
final class StormOptions {
  private static final int MOST_SECONDS = 86_400;
  private static final int MOST_CONNECTIONS = 1_000_000;
  private static final int MOST_RATE = 1_000_000;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long to cut (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Seconds of the first storm, whose end is the baseline (default: --seconds).")
  private @Nullable Integer warmUp;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections open at any time (default: ${DEFAULT-VALUE}).")
  private int connections = 500;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Cuts a second (default: ${DEFAULT-VALUE}).")
  private int rate = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the bytes and the targets (default: another one each time; it is printed).")
  private long seed = System.nanoTime();

  /**
   * @param seconds how long to cut by default
   */
  StormOptions(int seconds) {
    this.seconds = seconds;
  }

  int warmUp() {
    return warmUp == null ? seconds : warmUp;
  }

  /**
   * The storm that was asked for.
   *
   * @throws ParameterException if there can be none
   */
  StormPlan plan() {
    check("--seconds", seconds, MOST_SECONDS);
    check("--connections", connections, MOST_CONNECTIONS);
    check("--rate", rate, MOST_RATE);
    check("--warm-up", warmUp(), MOST_SECONDS);
    StormPlan plan = new StormPlan(seconds, connections, rate, 0, seed);
    requireDescriptors(command, plan);
    return plan;
  }

  private void check(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new ParameterException(
          command.commandLine(), option + " " + value + " is out of range; give 1 to " + most);
    }
  }

  static void requireDescriptors(CommandSpec command, StormPlan plan) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      long limit = unix.getMaxFileDescriptorCount();
      if (plan.descriptors() > limit) {
        throw new ParameterException(
            command.commandLine(),
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

  /** For a {@link Storm} in a JVM of its own. */
  List<String> arguments() {
    return List.of(
        "--seconds=" + seconds,
        "--warm-up=" + warmUp(),
        "--connections=" + connections,
        "--rate=" + rate,
        "--seed=" + seed);
  }
}
