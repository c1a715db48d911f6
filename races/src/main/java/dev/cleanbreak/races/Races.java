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

  private Races() {}

  /** Runs jcstress, and exits with 1 if a race had an outcome that it must not have. */
  public static void main(String[] args) throws Exception {
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
