package dev.cleanbreak.cli.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result for people: what happened on both sides, side by side, and what it comes to. */
final class Table {
  private static final int WIDTH = 120;

  private final Result result;

  Table(Result result) {
    this.result = result;
  }

  /** What both sides have in common; the same cell but for its id and side. */
  private record Case(Way way, Blocked call, ThreadKind thread, Wire wire) {
    static Case of(Cell cell) {
      return new Case(cell.way(), cell.call(), cell.thread(), cell.wire());
    }
  }

  void print(PrintWriter out) {
    Map<Case, Map<Side, Report>> cases = new LinkedHashMap<>();
    for (Report each : result.reports()) {
      cases
          .computeIfAbsent(Case.of(each.cell()), key -> new LinkedHashMap<>())
          .put(each.cell().side(), each);
    }
    out.println();
    out.println(line("", "", "", "java.net.Socket", "", "", "", "Cleanbreak", "", "", ""));
    out.println(
        line(
            "call", "thread", "wire", "ended", "alive", "bytes", "who", "ended", "alive", "bytes",
            "who"));
    Way last = null;
    for (Map.Entry<Case, Map<Side, Report>> each : cases.entrySet()) {
      Case key = each.getKey();
      if (key.way != last) {
        last = key.way;
        out.println();
        out.println(Label.of(last) + ": " + last.text);
      }
      out.println(line(key, each.getValue()));
    }
    out.println();
    out.println(
        "ended: after the cut, or when it was due; HUNG: it had not by the limit, and ended when the"
            + " socket was");
    out.println(
        "closed, when the printer was unjammed, or not at all. alive: the same connection took the"
            + " rest; no: a");
    out.println("second one had to; NO: not even that one could.");
    out.println(
        "bytes: -n were accepted and never arrived, +n arrived twice, because the client could"
            + " not know of them.");
    for (String sentence : Summary.of(result)) {
      out.println();
      wrap(sentence).forEach(out::println);
    }
  }

  /** The lines of {@code text}, broken at spaces. */
  static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > WIDTH) {
      int space = rest.lastIndexOf(' ', WIDTH);
      lines.add(rest.substring(0, space));
      rest = rest.substring(space + 1);
    }
    lines.add(rest);
    return lines;
  }

  private static String line(Case key, Map<Side, Report> sides) {
    String[] jdk = side(sides.get(Side.JDK));
    String[] clean = side(sides.get(Side.CLEANBREAK));
    return line(
        Label.of(key.call),
        Label.of(key.thread),
        Label.of(key.wire),
        jdk[0],
        jdk[1],
        jdk[2],
        jdk[3],
        clean[0],
        clean[1],
        clean[2],
        clean[3]);
  }

  private static String line(Object... columns) {
    return String.format(
            Locale.ROOT, "%-5s %-8s %-5s | %-14s %-5s %-7s %-11s | %-8s %-5s %-5s %s", columns)
        .stripTrailing();
  }

  private static String[] side(@Nullable Report report) {
    return switch (report) {
      case Row row -> new String[] {ended(row), alive(row), bytes(row), who(row)};
      case Failure failure -> new String[] {"not run", "", "", ""};
      case null -> new String[] {"", "", "", ""};
    };
  }

  private static String ended(Row row) {
    return switch (row.ending()) {
      case CUT -> String.format(Locale.ROOT, "%.0f ms", row.afterMillis());
      case HUNG_UNTIL_CLOSED -> "HUNG, closed";
      case HUNG_UNTIL_UNJAMMED -> "HUNG, unjammed";
      case HUNG_FOR_EVER -> "HUNG";
    };
  }

  private static String alive(Row row) {
    if (row.alive()) {
      return "yes";
    }
    return row.finished() ? "no" : "NO";
  }

  private static String bytes(Row row) {
    if (row.exact()) {
      return "exact";
    }
    StringBuilder text = new StringBuilder();
    if (row.lost() != 0) {
      text.append('-').append(row.lost());
    }
    if (row.doubled() + row.foreign() != 0) {
      text.append('+').append(row.doubled() + row.foreign());
    }
    return text.toString();
  }

  private static String who(Row row) {
    return switch (row.who()) {
      case NAMED -> row.culprit() + " in " + row.whoThread();
      case OWN_LIMIT ->
          row.cell().way() == Way.DEADLINE && row.cutKind() != null
              ? "the scope's deadline"
              : "its timeout";
      case UNSEEN -> "says that it cannot see who interrupts";
      case SILENT -> "not said";
    };
  }
}
