package dev.cleanbreak.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A report as JSON, with every value that was measured. */
final class JsonReport {
  private JsonReport() {}

  static String of(Report report) {
    Map<String, Object> top = new LinkedHashMap<>();
    top.put("command", report.command());
    top.put("machine", report.machine());
    top.put("quick", report.plan().quick());
    top.put("goals", report.goals().stream().map(JsonReport::goal).toList());
    top.put("scenes", report.entries().stream().map(JsonReport::scene).toList());
    return text(top) + "\n";
  }

  private static Map<String, Object> goal(Goal goal) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("scene", goal.scene());
    object.put("goal", goal.text());
    object.put("measured", goal.measured());
    object.put("met", goal.met());
    object.put("withinSpread", goal.close());
    return object;
  }

  private static Map<String, Object> scene(Report.Entry entry) {
    Map<String, Object> rounds = new LinkedHashMap<>();
    for (Series series : entry.result().series()) {
      rounds.put(
          series.variant(),
          series.rounds().stream().map(round -> Arrays.stream(round).boxed().toList()).toList());
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", entry.scene().name());
    object.put("title", entry.scene().title());
    object.put("notes", entry.result().notes());
    object.put("rounds", rounds);
    object.put("systemCallsForRoundTrip", entry.result().systemCalls());
    return object;
  }

  private static String text(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quoted(entry.getKey().toString()) + ":" + text(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(JsonReport::text).collect(Collectors.joining(",", "[", "]"));
      case Double number when !Double.isFinite(number) -> "null";
      case Number number -> number.toString();
      case Boolean bool -> bool.toString();
      default -> quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
