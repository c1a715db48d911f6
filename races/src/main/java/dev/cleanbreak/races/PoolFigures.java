package dev.cleanbreak.races;

import dev.cleanbreak.drivers.Client;
import dev.cleanbreak.drivers.PoolStorm;
import dev.cleanbreak.drivers.PoolStormResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What storms over pools have shown, in words and as JSON. */
record PoolFigures(Duration time, long seed, List<Row> rows) {
  /** One storm. */
  record Row(Client client, boolean byProtocol, PoolStormResult result) {
    List<String> broken() {
      return result.failures().stream()
          .map(each -> name(client, byProtocol) + ": " + withCause(each))
          .toList();
    }

    private static String withCause(Throwable failure) {
      return failure.getCause() == null ? failure.toString() : failure + ": " + failure.getCause();
    }
  }

  static String name(Client client, boolean byProtocol) {
    return client.name().toLowerCase(Locale.ROOT) + (byProtocol ? ", by protocol" : ", cut");
  }

  boolean broke() {
    return rows.stream().anyMatch(row -> !row.broken().isEmpty());
  }

  String text() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%n%-24s %11s %9s %7s %8s %10s %9s %8s %7s %6s",
        "",
        "",
        "",
        "said",
        "said",
        "cancelled",
        "",
        "healthy",
        "",
        "rows");
    line(
        text,
        "%-24s %11s %9s %7s %8s %10s %9s %8s %7s %6s",
        "",
        "statements",
        "cuts",
        "truly",
        "falsely",
        "by server",
        "replaced",
        "at end",
        "leaked",
        "wrong");
    for (Row row : rows) {
      PoolStormResult result = row.result;
      line(
          text,
          "%-24s %,11d %,9d %,7d %,8d %,10d %,9d %8s %,7d %,6d",
          name(row.client, row.byProtocol),
          result.statements(),
          result.cuts(),
          result.saidTrue(),
          result.saidFalse(),
          result.cancelled(),
          result.replaced(),
          result.healthy() + " of " + PoolStorm.CONNECTIONS,
          result.leaked(),
          result.wrongRows());
    }
    line(text, "%n%d s each; seed %d%n", time.toSeconds(), seed);
    rows.forEach(row -> row.broken().forEach(each -> line(text, "BROKEN: %s", each)));
    text.append(broke() ? "It broke." : "Nothing broke.");
    return text.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is not on our class path
  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"seconds\":%d,\"seed\":%d,\"connections\":%d,\"storms\":[%s]}",
        time.toSeconds(),
        seed,
        PoolStorm.CONNECTIONS,
        rows.stream().map(PoolFigures::json).collect(Collectors.joining(",")));
  }

  private static String json(Row row) {
    PoolStormResult result = row.result;
    return String.format(
        Locale.ROOT,
        "{\"client\":%s,\"byProtocol\":%b,\"statements\":%d,\"cuts\":%d,\"saidTrue\":%d,"
            + "\"saidFalse\":%d,\"cancelled\":%d,\"refused\":%d,\"brokenConnections\":%d,"
            + "\"replaced\":%d,\"handedOutDead\":%d,\"healthy\":%d,\"leaked\":%d,"
            + "\"wrongRows\":%d,\"broken\":[%s]}",
        Json.quoted(row.client.name().toLowerCase(Locale.ROOT)),
        row.byProtocol,
        result.statements(),
        result.cuts(),
        result.saidTrue(),
        result.saidFalse(),
        result.cancelled(),
        result.refused(),
        result.broken(),
        result.replaced(),
        result.handedOutDead(),
        result.healthy(),
        result.leaked(),
        result.wrongRows(),
        row.broken().stream().map(Json::quoted).collect(Collectors.joining(",")));
  }
}
