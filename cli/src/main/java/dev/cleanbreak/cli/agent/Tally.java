package dev.cleanbreak.cli.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.cleanbreak.report.Act;
import dev.cleanbreak.report.Code;
import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.DroppedRecord;
import dev.cleanbreak.report.Entry;
import dev.cleanbreak.report.Family;
import dev.cleanbreak.report.Recording;
import dev.cleanbreak.report.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Cuts in numbers: how many, by whom, of which kind. Not thread-safe. */
final class Tally {
  private static final int MOST_ROWS = 10;

  private final Map<String, Integer> sites = new HashMap<>();
  private final Map<String, Integer> jars = new HashMap<>();
  private final Map<String, Integer> verdicts = new HashMap<>();
  private int jvms;
  private int cuts;
  private int byCode;
  private int orderly;
  private long dropped;

  /** How often something was seen. */
  record Row(String name, int count) {}

  static Tally of(List<Recording> recordings) {
    Tally tally = new Tally();
    for (Recording recording : recordings) {
      tally.jvms++;
      recording.cuts().forEach(tally::cut);
      recording.dropped().forEach(tally::add);
    }
    return tally;
  }

  void add(Entry entry) {
    switch (entry) {
      case CutRecord cut -> cut(cut);
      case DroppedRecord some -> dropped += some.count();
      default -> jvms++;
    }
  }

  private void cut(CutRecord cut) {
    if (cut.expected()) {
      orderly++;
      return;
    }
    cuts++;
    if (Family.of(cut.verdict()) == Family.PERSON && cut.verdict() != Verdict.SELF) {
      byCode++;
    }
    verdicts.merge(cut.verdict().text(), 1, Integer::sum);
    Optional<Code> code = culprit(cut);
    sites.merge(who(cut), 1, Integer::sum);
    code.map(Code::jar).ifPresent(jar -> jars.merge(jar, 1, Integer::sum));
  }

  /** Who did it, as a line shows it: the place in the code, or that nobody in the JVM did. */
  static String who(CutRecord cut) {
    return culprit(cut).map(Tally::site).orElse("nobody in the JVM: " + cut.verdict().text());
  }

  /** The code behind the oldest act of the chain that has any. */
  private static Optional<Code> culprit(CutRecord cut) {
    return cut.chain().stream().map(Act::code).filter(Objects::nonNull).findFirst();
  }

  private static String site(Code code) {
    String jar = code.jar() == null ? "" : " in " + code.jar();
    return code.frame()
        + jar
        + switch (code.coordinates().size()) {
          case 0 -> "";
          case 1 -> " (" + code.coordinates().getFirst() + ")";
          default -> " (one of " + String.join(", ", code.coordinates()) + ")";
        };
  }

  /** The calls that code in the JVM cut, other than orderly. */
  int byCode() {
    return byCode;
  }

  int jvms() {
    return jvms;
  }

  boolean isEmpty() {
    return cuts + orderly + dropped == 0;
  }

  List<Row> sites() {
    return ranked(sites);
  }

  private static List<Row> ranked(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(entry -> new Row(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingInt(Row::count).reversed().thenComparing(Row::name))
        .toList();
  }

  /** In one line. */
  String headline() {
    return plural(cuts, "call") + " cut, " + plural(orderly, "orderly close");
  }

  static String plural(long count, String one) {
    return count + " " + one + (count == 1 ? "" : "s");
  }

  void print(PrintWriter out) {
    out.println(headline() + (jvms == 1 ? "" : ", " + plural(jvms, "JVM")));
    rows("who cut", sites(), out);
    rows("verdicts", ranked(verdicts), out);
    if (dropped > 0) {
      out.println(plural(dropped, "more cut") + " counted only, over the limit of the recording");
    }
    out.flush();
  }

  private static void rows(String title, List<Row> rows, PrintWriter out) {
    if (rows.isEmpty()) {
      return;
    }
    out.println(title);
    rows.stream()
        .limit(MOST_ROWS)
        .forEach(row -> out.printf("  %6d  %s%n", row.count(), row.name()));
    if (rows.size() > MOST_ROWS) {
      out.printf("          and %d more%n", rows.size() - MOST_ROWS);
    }
  }

  /** As one JSON document, whole. */
  void json(Writer out) {
    try (JsonGenerator json =
        new JsonFactory()
            .configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false)
            .createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("jvms", jvms);
      json.writeNumberField("cuts", cuts);
      json.writeNumberField("cutsByCode", byCode);
      json.writeNumberField("orderly", orderly);
      json.writeNumberField("dropped", dropped);
      counts("sites", sites(), json);
      counts("jars", ranked(jars), json);
      counts("verdicts", ranked(verdicts), json);
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("the JSON cannot be written", e);
    }
  }

  private static void counts(String name, List<Row> rows, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart(name);
    for (Row row : rows) {
      json.writeStartObject();
      json.writeStringField("name", row.name());
      json.writeNumberField("count", row.count());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
