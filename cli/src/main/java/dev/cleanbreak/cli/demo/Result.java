package dev.cleanbreak.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run has shown.
 *
 * @param limit how long calls were let hang
 * @param took how long the run took
 * @param transport the name of the one that Cleanbreak's sockets used
 */
record Result(List<Report> reports, Duration limit, Duration took, String transport) {
  Result {
    reports = List.copyOf(reports);
  }

  List<Row> rows(Side side) {
    List<Row> rows = new ArrayList<>();
    for (Report each : reports) {
      if (each instanceof Row row && row.cell().side() == side) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** One line for every Cleanbreak row that breaks the contract and every cell that failed. */
  List<String> broken() {
    List<String> lines = new ArrayList<>();
    for (Report each : reports) {
      switch (each) {
        case Failure failure ->
            lines.add("could not be tried: " + failure.cell() + ": " + failure.what());
        case Row row when row.cell().side() == Side.CLEANBREAK -> {
          List<String> violations = Verdict.violations(row);
          if (!violations.isEmpty()) {
            lines.add("breaks the contract: " + row.cell() + ": " + String.join("; ", violations));
          }
        }
        case Row row -> {
          // The JDK has signed no contract.
        }
      }
    }
    return lines;
  }
}
