package dev.cleanbreak.report;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes entries as JSON, a line each; docs/agent/schema.md describes them. For one thread. */
public final class JsonLinesWriter {
  /** The version of the schema. */
  public static final int VERSION = 1;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Appendable out;

  /**
   * A writer to {@code out}, which gets whole lines, one call a line.
   *
   * @param out where the lines go
   */
  public JsonLinesWriter(Appendable out) {
    this.out = out;
  }

  /**
   * Writes a line.
   *
   * @param entry what it says
   * @throws IOException if {@code out} throws it
   */
  public void write(Entry entry) throws IOException {
    out.append(line(entry) + "\n");
  }

  /**
   * The line of {@code entry}, without its end.
   *
   * @param entry what it says
   * @return JSON
   */
  public static String line(Entry entry) {
    Json json = new Json().begin();
    if (entry instanceof CutRecord cut) {
      cut(head(json, "cut", cut.time()), cut);
    } else if (entry instanceof JvmRecord jvm) {
      jvm(head(json, "jvm", jvm.time()), jvm);
    } else if (entry instanceof DroppedRecord dropped) {
      head(json, "dropped", dropped.time()).put("count", dropped.count()).put("why", dropped.why());
    }
    return json.end().toString();
  }

  private static Json head(Json json, String type, Instant time) {
    return json.put("type", type).put("v", VERSION).put("time", TIME.format(time));
  }

  private static void jvm(Json json, JvmRecord jvm) {
    json.put("pid", jvm.pid())
        .put("main", jvm.main())
        .put("java", jvm.java())
        .put("host", jvm.host())
        .put("agent", jvm.agent())
        .name("coverage")
        .begin()
        .put("found", jvm.found())
        .put("missing", jvm.missing())
        .end();
  }

  private static void cut(Json json, CutRecord cut) {
    json.put("id", cut.id())
        .put("verdict", cut.verdict().id())
        .put("certainty", cut.certainty().id())
        .put("expected", cut.expected())
        .put("evidence", cut.evidence())
        .put("sentence", cut.sentence());
    victim(json.name("victim").begin(), cut.victim());
    json.end().name("chain").beginArray();
    acts(json, cut.chain());
    json.endArray();
  }

  private static void victim(Json json, Victim victim) {
    thread(json, victim.thread());
    json.put("operation", victim.operation().id())
        .put("local", victim.local())
        .put("remote", victim.remote())
        .put("exception", victim.exception())
        .put("message", victim.message())
        .put("stack", victim.stack());
    if (victim.blockedNanos() != null) {
      json.put("blockedNanos", victim.blockedNanos());
    }
  }

  private static void acts(Json json, List<Act> chain) {
    for (Act act : chain) {
      json.comma().begin().put("act", act.kind().id());
      thread(json, act.thread());
      json.put("beforeNanos", act.beforeNanos()).put("stack", act.stack());
      code(json, "code", act.code());
      code(json, "origin", act.origin());
      json.end();
    }
  }

  private static void thread(Json json, ThreadInfo thread) {
    json.name("thread")
        .begin()
        .put("name", thread.name())
        .put("id", thread.id())
        .put("virtual", thread.virtual())
        .end();
  }

  private static void code(Json json, String name, @Nullable Code code) {
    if (code == null) {
      return;
    }
    json.name(name)
        .begin()
        .put("class", code.type())
        .put("method", code.method())
        .put("file", code.file())
        .put("line", code.line())
        .put("jar", code.jar())
        .put("coordinates", code.coordinates())
        .put("told", code.told().id())
        .put("version", code.version())
        .end();
  }
}
