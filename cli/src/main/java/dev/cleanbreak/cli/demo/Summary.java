package dev.cleanbreak.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** A result in a few sentences, every number of which is counted in its rows. */
final class Summary {
  private Summary() {}

  static List<String> of(Result result) {
    List<Row> jdk = result.rows(Side.JDK);
    List<Row> clean = result.rows(Side.CLEANBREAK);
    List<String> sentences = new ArrayList<>();
    sentences.add("java.net.Socket: " + calls(jdk, result) + connections(jdk) + bytes(jdk));
    sentences.add(
        "Cleanbreak, on the transport "
            + result.transport()
            + ": "
            + calls(clean, result)
            + connections(clean)
            + bytes(clean));
    long unseen = count(clean, row -> row.who() == Who.UNSEEN);
    sentences.add(
        "Who did it: where somebody did, java.net.Socket named the code in "
            + named(jdk)
            + ", Cleanbreak in "
            + named(clean)
            + (unseen == 0
                ? "."
                : "; in " + unseen + " more it said plainly that it cannot see who interrupts."));
    int broken = result.broken().size();
    sentences.add(
        String.format(
            Locale.ROOT,
            "%s It took %.1f s.",
            broken == 0
                ? "Every Cleanbreak row holds the contract."
                : broken + (broken == 1 ? " row does" : " rows do") + " not hold the contract.",
            result.took().toMillis() / 1e3));
    return sentences;
  }

  private static String calls(List<Row> rows, Result result) {
    long hung = count(rows, Row::hung);
    double slowest =
        rows.stream().filter(row -> !row.hung()).mapToDouble(Row::afterMillis).max().orElse(0);
    String ended = String.format(Locale.ROOT, "ended within %.0f ms; ", slowest);
    if (hung == 0) {
      return "all " + rows.size() + " calls " + ended;
    }
    long cutters = count(rows, row -> !row.cutterReturned());
    return String.format(
        Locale.ROOT,
        "%d of %d calls still hung %.1f s after the cut%s, the others %s",
        hung,
        rows.size(),
        result.limit().toMillis() / 1e3,
        cutters == 0 ? "" : " (in " + cutters + " the thread that closed the socket hung, too)",
        ended);
  }

  private static String connections(List<Row> rows) {
    Predicate<Row> unclosed = row -> !row.cell().way().closes();
    return count(rows, unclosed.and(Row::alive))
        + " of "
        + count(rows, unclosed)
        + " connections on which only a call was to end lived on; ";
  }

  private static String bytes(List<Row> rows) {
    return rows.stream().mapToLong(Row::lost).sum()
        + " bytes lost, "
        + rows.stream().mapToLong(row -> row.doubled() + row.foreign()).sum()
        + " doubled.";
  }

  private static String named(List<Row> rows) {
    Predicate<Row> byOthers = row -> !row.cell().way().isOwnLimit();
    return count(rows, byOthers.and(row -> row.who() == Who.NAMED))
        + " of "
        + count(rows, byOthers)
        + " rows";
  }

  private static long count(List<Row> rows, Predicate<Row> which) {
    return rows.stream().filter(which).count();
  }
}
