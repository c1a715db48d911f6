package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a scene measured. It travels from the JVM of the scene as lines of text:
 *
 * <pre>
 *   note TAB 6500 calls
 *   series TAB java.net.Socket TAB 1.5 1.6;1.4 1.5     (rounds are separated by semicolons)
 *   calls TAB java.net.Socket TAB 4.01
 * </pre>
 *
 * @param systemCalls for a round trip of each variant of which they were counted
 * @param notes facts about the run that belong beside its table
 */
record SceneResult(List<Series> series, Map<String, Double> systemCalls, List<String> notes) {
  SceneResult(List<Series> series, List<String> notes) {
    this(series, Map.of(), notes);
  }

  /** NaN if they were not counted. */
  double systemCallsOf(String variant) {
    return systemCalls.getOrDefault(variant, Double.NaN);
  }

  /**
   * The series of the variant with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Series of(String variant) {
    return series.stream()
        .filter(each -> each.variant().equals(variant))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not measured: " + variant));
  }

  /** The result with the value at {@code index} of every round only. */
  SceneResult column(int index) {
    return new SceneResult(
        series.stream().map(each -> each.column(index)).toList(), systemCalls, notes);
  }

  List<String> toLines() {
    List<String> lines = new ArrayList<>();
    notes.forEach(note -> lines.add("note\t" + note));
    series.forEach(each -> lines.add("series\t" + each.variant() + "\t" + text(each.rounds())));
    systemCalls.forEach((variant, count) -> lines.add("calls\t" + variant + "\t" + count));
    return lines;
  }

  private static String text(List<double[]> rounds) {
    return rounds.stream()
        .map(round ->
            Arrays.stream(round).mapToObj(Double::toString).collect(Collectors.joining(" ")))
        .collect(Collectors.joining(";"));
  }

  /** The inverse of {@link #toLines}. */
  static SceneResult parse(List<String> lines) {
    List<Series> series = new ArrayList<>();
    Map<String, Double> systemCalls = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      switch (fields[0]) {
        case "note" -> notes.add(fields[1]);
        case "series" -> series.add(new Series(fields[1], rounds(fields[2])));
        case "calls" -> systemCalls.put(fields[1], Double.parseDouble(fields[2]));
        default -> {
          // A warning of the JVM itself, which goes to standard output, too.
        }
      }
    }
    return new SceneResult(series, systemCalls, notes);
  }

  private static List<double[]> rounds(String text) {
    return Stream.of(text.split(";", -1))
        .map(round ->
            round.isEmpty()
                ? new double[0]
                : Stream.of(round.split(" ", -1)).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }
}
