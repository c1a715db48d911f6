package dev.cleanbreak.races;

import dev.cleanbreak.races.oracle.OracleRun;
import dev.cleanbreak.races.oracle.Summary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/** The result of the oracle as JSON. */
@NullMarked
final class OracleJson {
  private OracleJson() {}

  static String of(Summary summary, OracleRun.Selection selection) {
    return """
    {
      "transport": "%s",
      "listed": %d,
      "skipped": %d,
      "notDrawn": %d,
      "run": %d,
      "broken": %d,
      "sample": "1/%d",
      "seed": %d,
      "outcomes": %s,
      "skippedBecause": %s,
      "brokenCells": %s
    }
    """
        .formatted(
            TransportOption.used(),
            summary.listed(),
            summary.skipped(),
            summary.notDrawn(),
            summary.run(),
            summary.broken(),
            selection.every(),
            selection.seed(),
            object(summary.outcomes()),
            object(summary.skippedBecause()),
            array(summary.brokenCells()));
  }

  private static String object(Map<String, Long> counts) {
    StringBuilder json = new StringBuilder("{");
    counts.forEach((name, count) ->
        json.append(json.length() > 1 ? ",\n    " : "\n    ")
            .append(Json.quoted(name))
            .append(": ")
            .append(count));
    return json.append("}").toString();
  }

  private static String array(List<String> texts) {
    StringBuilder json = new StringBuilder("[");
    for (String text : texts) {
      json.append(json.length() > 1 ? ",\n    " : "\n    ").append(Json.quoted(text));
    }
    return json.append("]").toString();
  }
}
