package dev.cleanbreak.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The recordings as page.js reads them: as the lines have them, but each stack once, since most of
 * a recording are stacks, and most of them the same.
 */
final class PageData {
  private record Placed(CutRecord cut, int jvm) {}

  private final List<Recording> recordings;
  private final List<Placed> cuts = new ArrayList<>();
  private final int omitted;
  private final Map<List<String>, Integer> stacks = new LinkedHashMap<>();

  PageData(List<Recording> recordings, int most) {
    this.recordings = recordings;
    List<Placed> all = new ArrayList<>();
    for (int i = 0; i < recordings.size(); i++) {
      for (CutRecord cut : recordings.get(i).cuts()) {
        all.add(new Placed(cut, i));
      }
    }
    all.sort(Comparator.comparing(placed -> placed.cut.time()));
    this.omitted = Math.max(0, all.size() - most);
    this.cuts.addAll(all.subList(omitted, all.size()));
  }

  void write(String version, Instant made, Writer out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("version", version);
      json.writeStringField("made", minutes(made));
      json.writeNumberField("omitted", omitted);
      verdicts(json);
      json.writeArrayFieldStart("jvms");
      for (Recording recording : recordings) {
        recording(recording, json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("cuts");
      for (Placed each : cuts) {
        cut(each, json);
      }
      json.writeEndArray();
      stacks(json);
      json.writeEndObject();
    }
  }

  private static String minutes(Instant time) {
    String text = time.truncatedTo(ChronoUnit.MINUTES).toString();
    return text.replace('T', ' ').replace(":00Z", " UTC");
  }

  private static void verdicts(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("verdicts");
    for (Verdict verdict : Verdict.values()) {
      json.writeObjectFieldStart(verdict.id());
      json.writeStringField("label", verdict.text());
      json.writeStringField("family", Family.of(verdict).id());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void recording(Recording recording, JsonGenerator json) throws IOException {
    JvmRecord jvm = recording.jvm();
    json.writeStartObject();
    json.writeStringField("source", recording.source());
    json.writeNumberField("cuts", recording.cuts().size());
    json.writeStringField("name", name(recording));
    if (jvm != null) {
      json.writeStringField("time", minutes(jvm.time()));
      json.writeStringField("java", jvm.java());
      json.writeStringField("host", jvm.host());
      json.writeStringField("agent", jvm.agent());
      json.writeNumberField("found", jvm.found().size());
      strings("missing", jvm.missing(), json);
    }
    List<String> notes = new ArrayList<>(recording.problems());
    for (DroppedRecord dropped : recording.dropped()) {
      notes.add(dropped.count() + " cuts were counted, but not kept: " + dropped.why());
    }
    strings("notes", notes, json);
    json.writeEndObject();
  }

  private static String name(Recording recording) {
    JvmRecord jvm = recording.jvm();
    if (jvm == null) {
      return recording.source();
    }
    return (jvm.main().isEmpty() ? recording.source() : jvm.main()) + " (pid " + jvm.pid() + ")";
  }

  private void cut(Placed placed, JsonGenerator json) throws IOException {
    CutRecord cut = placed.cut;
    json.writeStartObject();
    json.writeNumberField("jvm", placed.jvm);
    json.writeStringField("time", cut.time().toString());
    json.writeStringField("verdict", cut.verdict().id());
    json.writeStringField("certainty", cut.certainty().id());
    json.writeBooleanField("expected", cut.expected());
    json.writeStringField("sentence", cut.sentence());
    strings("evidence", cut.evidence(), json);
    victim(cut.victim(), json);
    json.writeArrayFieldStart("chain");
    for (Act act : cut.chain()) {
      act(act, json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void victim(Victim victim, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("victim");
    thread(victim.thread(), json);
    json.writeStringField("operation", victim.operation().id());
    string("local", victim.local(), json);
    string("remote", victim.remote(), json);
    string("exception", victim.exception(), json);
    string("message", victim.message(), json);
    stack(victim.stack(), json);
    if (victim.blockedNanos() != null) {
      json.writeNumberField("blockedNanos", victim.blockedNanos());
    }
    json.writeEndObject();
  }

  private void act(Act act, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("act", act.kind().id());
    thread(act.thread(), json);
    json.writeNumberField("beforeNanos", act.beforeNanos());
    stack(act.stack(), json);
    code("code", act.code(), json);
    code("origin", act.origin(), json);
    json.writeEndObject();
  }

  private static void thread(ThreadInfo thread, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("thread");
    json.writeStringField("name", thread.name());
    json.writeNumberField("id", thread.id());
    json.writeBooleanField("virtual", thread.virtual());
    json.writeEndObject();
  }

  private static void code(String name, @Nullable Code code, JsonGenerator json)
      throws IOException {
    if (code == null) {
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeStringField("class", code.type());
    json.writeStringField("method", code.method());
    json.writeNumberField("line", code.line());
    string("jar", code.jar(), json);
    strings("coordinates", code.coordinates(), json);
    json.writeStringField("told", code.told().id());
    string("version", code.version(), json);
    json.writeEndObject();
  }

  private void stack(List<String> stack, JsonGenerator json) throws IOException {
    if (!stack.isEmpty()) {
      json.writeNumberField("stack", stacks.computeIfAbsent(stack, unknown -> stacks.size()));
    }
  }

  private void stacks(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("stacks");
    for (List<String> stack : stacks.keySet()) {
      json.writeStartArray();
      for (String frame : stack) {
        json.writeString(frame);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void string(String name, @Nullable String value, JsonGenerator json)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void strings(String name, List<String> values, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
