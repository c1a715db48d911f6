package dev.cleanbreak.races;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What a storm has shown, in words and as JSON. */
record StormFigures(
    StormPlan plan, StormLedger ledger, Footprint before, Footprint after, List<String> broken) {
  private static final double NANOS_PER_MILLI = 1e6;

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "%n%-14s %10s %8s %6s %12s", "cuts", "calls", "a second", "late", "latest ms");
    for (ShotKind kind : ShotKind.values()) {
      StormLedger.Row row = ledger.row(kind);
      line(
          text,
          "%-14s %,10d %,8d %,6d %,12.1f",
          kind.text(),
          row.cuts.sum(),
          row.cuts.sum() / plan.seconds(),
          row.late.sum(),
          row.latest.get() / NANOS_PER_MILLI);
    }
    line(
        text,
        "%-14s %,10d %,8d %,6d",
        "all",
        ledger.cuts(),
        ledger.cuts() / plan.seconds(),
        ledger.late());
    line(
        text,
        "%nmissed %d, overtaken by a close %,d; %,d connections opened, %,d streams and %,d MB "
            + "checked; late is more than %d ms; transport %s; seed %d",
        ledger.missed.get(),
        ledger.overtaken.sum(),
        ledger.opened.get(),
        ledger.streamsChecked.sum(),
        ledger.bytes.sum() / 1_000_000,
        TimeUnit.NANOSECONDS.toMillis(StormLedger.LATE_NANOS),
        TransportOption.used(),
        plan.seed());
    if (plan.forks() > 0) {
      line(
          text,
          "%,d threads forked and ended, %,d processes started",
          ledger.forks.sum(),
          ledger.children.sum());
    }
    line(text, "%n%-14s %14s %14s", "held", "baseline", "after");
    held(text, "threads", before.threads(), after.threads());
    held(text, "descriptors", before.descriptors(), after.descriptors());
    held(text, "wakers", before.wakers(), after.wakers());
    held(text, "selectors", before.selectors(), after.selectors());
    held(text, "registrations", before.registrations(), after.registrations());
    held(text, "timers", before.timers(), after.timers());
    held(text, "carried bytes", before.carried(), after.carried());
    held(text, "direct bytes", before.direct(), after.direct());
    held(text, "heap bytes", before.heap(), after.heap());
    held(text, "resident bytes", before.resident(), after.resident());
    line(text, "");
    broken.forEach(each -> line(text, "BROKEN: %s", each));
    text.append(broken.isEmpty() ? "Nothing broke." : "It broke.");
    return text.toString();
  }

  private static void held(StringBuilder text, String what, long before, long after) {
    line(text, "%-14s %,14d %,14d", what, before, after);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is not on our class path
  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }

  String json() {
    StringBuilder kinds = new StringBuilder();
    for (ShotKind kind : ShotKind.values()) {
      StormLedger.Row row = ledger.row(kind);
      kinds.append(
          String.format(
              Locale.ROOT,
              "%s\"%s\":{\"cuts\":%d,\"late\":%d,\"latestNanos\":%d}",
              kinds.isEmpty() ? "" : ",",
              kind.text(),
              row.cuts.sum(),
              row.late.sum(),
              row.latest.get()));
    }
    return String.format(
        Locale.ROOT,
        "{\"transport\":\"%s\",\"seconds\":%d,\"connections\":%d,\"rate\":%d,\"seed\":%d,\"cuts\":%d,\"late\":%d,"
            + "\"missed\":%d,\"overtaken\":%d,\"opened\":%d,\"streams\":%d,\"bytes\":%d,\"forks\":%d,\"children\":%d,"
            + "\"kinds\":{%s},\"baseline\":%s,\"after\":%s,\"broken\":[%s]}",
        TransportOption.used(),
        plan.seconds(),
        plan.connections(),
        plan.rate(),
        plan.seed(),
        ledger.cuts(),
        ledger.late(),
        ledger.missed.get(),
        ledger.overtaken.sum(),
        ledger.opened.get(),
        ledger.streamsChecked.sum(),
        ledger.bytes.sum(),
        ledger.forks.sum(),
        ledger.children.sum(),
        kinds,
        json(before),
        json(after),
        broken.stream().map(Json::quoted).collect(Collectors.joining(",")));
  }

  private static String json(Footprint held) {
    return String.format(
        Locale.ROOT,
        "{\"threads\":%d,\"descriptors\":%d,\"wakers\":%d,\"selectors\":%d,\"registrations\":%d,"
            + "\"timers\":%d,\"carriedBytes\":%d,\"directBytes\":%d,\"heapBytes\":%d,\"residentBytes\":%d}",
        held.threads(),
        held.descriptors(),
        held.wakers(),
        held.selectors(),
        held.registrations(),
        held.timers(),
        held.carried(),
        held.direct(),
        held.heap(),
        held.resident());
  }
}
