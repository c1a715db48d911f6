package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in markdown. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(List.of(header));
  }

  Table row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          cells.length + " cells in a table of " + rows.getFirst().size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
      if (i == 0) {
        text.append("| ---").append(" | ---:".repeat(rows.get(i).size() - 1)).append(" |\n");
      }
    }
    return text.toString();
  }

  /** A number with as many digits behind the point as asked for, and thousands set apart. */
  static String number(double value, int digits) {
    return Double.isNaN(value)
        ? "not known"
        : String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  /** A median with its interval: {@code 0.95 [0.93–0.97]}. */
  static String spread(Spread spread, int digits) {
    return number(spread.median(), digits)
        + " ["
        + number(spread.low(), digits)
        + "–"
        + number(spread.high(), digits)
        + "]";
  }
}
