package dev.cleanbreak.races;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A storm in a JVM of its own, under one collector and on one transport, with a safepoint each
 * millisecond.
 *
 * @param storm the arguments of the storm
 */
record SafepointStorm(String collector, String transport, List<String> storm) {
  private static final String HEAP = "1g";
  private static final String BROKEN = "\"broken\":";
  private static final Pattern REACHING = Pattern.compile("Reaching safepoint: +(\\d+) ns");
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

  /**
   * What one has shown.
   *
   * @param exitCode 0 if all is well; else the storm broke, or its JVM died and nothing is in
   *     {@code broken}
   * @param safepoints how many there were
   * @param longestNanos the longest time from the call for a safepoint until all threads were there
   * @param broken the storm's words, as they stand in its JSON
   */
  record Result(
      String collector,
      String transport,
      int exitCode,
      long cuts,
      long late,
      long safepoints,
      long longestNanos,
      List<String> broken) {}

  Result run() throws IOException, InterruptedException {
    Path log = Files.createTempFile("cleanbreak-safepoints", ".log");
    Path figures = Files.createTempFile("cleanbreak-storm", ".json");
    try {
      int exitCode =
          new ProcessBuilder(command(log))
              .redirectOutput(figures.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      return result(exitCode, Files.readString(figures), log);
    } finally {
      Files.delete(log);
      Files.delete(figures);
    }
  }

  private List<String> command(Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+Use" + collector + "GC");
    command.add("-XX:+UnlockDiagnosticVMOptions");
    // Without the first one the second asks for none.
    command.add("-XX:+SafepointALot");
    command.add("-XX:GuaranteedSafepointInterval=1");
    // How far a collector lets its heap grow is no leak.
    command.add("-Xms" + HEAP);
    command.add("-Xmx" + HEAP);
    command.add("-XX:+AlwaysPreTouch");
    command.add("-Xlog:safepoint:file=" + log + "::filecount=0");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Storm.class.getName());
    command.add("--transport=" + transport);
    command.addAll(storm);
    command.add("--json");
    return command;
  }

  private Result result(int exitCode, String json, Path log) throws IOException {
    long[] reaching;
    try (Stream<String> lines = Files.lines(log)) {
      reaching =
          lines
              .map(REACHING::matcher)
              .filter(Matcher::find)
              .mapToLong(found -> Long.parseLong(found.group(1)))
              .toArray();
    }
    return new Result(
        collector,
        transport,
        exitCode,
        number(json, "cuts"),
        number(json, "late"),
        reaching.length,
        Arrays.stream(reaching).max().orElse(0),
        broken(json));
  }

  /** None of a JVM that died before it could say. */
  private static List<String> broken(String json) {
    int at = json.indexOf(BROKEN);
    return at < 0
        ? List.of()
        : TEXT.matcher(json.substring(at + BROKEN.length()))
            .results()
            .map(MatchResult::group)
            .toList();
  }

  /** The first of that name: the sum over all kinds. */
  private static long number(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }
}
