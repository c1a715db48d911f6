package dev.cleanbreak.races;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code ./cleanbreak races}: the jcstress suite, with defaults that take under three minutes on
 * two cores. Arguments go to jcstress and win over the defaults, so {@code -m tough} is a night's
 * work and {@code -t Lifetime} one group.
 */
public final class Races {
  /** What is given unless the arguments say otherwise: option and value in turns. */
  private static final List<String> DEFAULTS =
      List.of(
          "-af",
          "NONE",
          "-spinStyle",
          "THREAD_YIELD",
          // One JVM for each race, not one for each pair of compilers.
          "-sc",
          "false",
          "-jvmArgs",
          "-Xmx256m -XX:+UseSerialGC",
          "-f",
          "1",
          "-fsm",
          "1",
          "-iters",
          "4",
          "-time",
          "400",
          "-strideSize",
          "5",
          "-strideCount",
          "5");

  private static final String HELP =
      """
      Usage: ./cleanbreak races [OPTIONS OF JCSTRESS]
      Runs jcstress on the parts of the library whose correctness rests on an argument about
      interleavings. Takes under three minutes on two cores.

        --help      this text
        -h          the options of jcstress itself
        -t REGEXP   only the races whose names match
        -m MODE     how thorough: sanity, quick, default, tough, stress

      Exit codes:
        0   every outcome was an acceptable one
        1   one was not, or a race failed

      Examples:
        ./cleanbreak races
        ./cleanbreak races -t Lifetime
        ./cleanbreak races -m tough          a night's work
      """;

  private Races() {}

  /** Runs jcstress, and exits with 1 if a race had an outcome that it must not have. */
  public static void main(String[] args) throws Exception {
    if (Arrays.asList(args).contains("--help")) {
      System.out.print(HELP);
      return;
    }
    // jcstress leaves a file of results where it runs.
    Path results = Files.createTempDirectory("cleanbreak-races");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(org.openjdk.jcstress.Main.class.getName());
    command.addAll(arguments(args));
    Process jcstress = new ProcessBuilder(command).directory(results.toFile()).inheritIO().start();
    System.exit(jcstress.waitFor());
  }

  private static List<String> arguments(String[] args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    for (int i = 0; i < DEFAULTS.size(); i += 2) {
      if (!all.contains(DEFAULTS.get(i)) && !all.contains("-h")) {
        all.addAll(DEFAULTS.subList(i, i + 2));
      }
    }
    return all;
  }
}
