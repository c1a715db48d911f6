package dev.cleanbreak.cli.demo;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The same calls on java.net.Socket once more, the client unchanged but under the agent: what their
 * exceptions say then.
 *
 * @param reports of those cells that somebody else's code had ended
 */
record SecondHalf(List<Report> reports) {
  SecondHalf {
    reports = List.copyOf(reports);
  }

  /** The cells of the first half that a third party ended, and so could be named. */
  static List<Cell> cells(Result first) {
    return first.rows(Side.JDK).stream()
        .filter(row -> !row.hung() && !row.cell().way().isOwnLimit() && row.exception() != null)
        .map(Row::cell)
        .filter(cell -> !cell.way().culprit.isEmpty())
        .toList();
  }

  /** Those whose exception names the right code. */
  long named() {
    return reports.stream().filter(SecondHalf::isNamed).count();
  }

  static boolean isNamed(Report report) {
    return report instanceof Row row && row.cell().way().culpritOnJdk().equals(row.culprit());
  }

  private static String miss(Report report) {
    return "not named: "
        + report.cell()
        + (report instanceof Row row ? ": " + row.exception() : "");
  }

  void print(PrintWriter out) {
    if (reports.isEmpty()) {
      return;
    }
    out.println();
    out.println(
        "The same calls on java.net.Socket once more, the client's code unchanged, under the agent"
            + " (cleanbreak run):");
    Map<Way, Row> examples = new EnumMap<>(Way.class);
    for (Report each : reports) {
      if (each instanceof Row row && isNamed(row)) {
        examples.putIfAbsent(row.cell().way(), row);
      }
    }
    examples.forEach((way, row) -> {
      out.println();
      out.println(Label.of(way) + ": " + way.text);
      out.println("  " + row.exception() + ": " + row.message());
      Table.wrap("Suppressed: " + row.agent()).forEach(line -> out.println("    " + line));
    });
    out.println();
    out.println(
        "Of these calls the exception named the code in "
            + named()
            + " of "
            + reports.size()
            + "; without the agent in none.");
    reports.stream().filter(each -> !isNamed(each)).forEach(each -> out.println(miss(each)));
  }
}
