package dev.cleanbreak.cli.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;

/** The result for programs: one JSON document. */
final class ResultJson {
  private ResultJson() {}

  static void write(Result result, SecondHalf second, Writer out) {
    try (JsonGenerator json =
        new JsonFactory()
            .configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false)
            .createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("limitMillis", result.limit().toMillis());
      json.writeNumberField("tookMillis", result.took().toMillis());
      json.writeStringField("transport", result.transport());
      json.writeBooleanField("holds", result.broken().isEmpty());
      json.writeArrayFieldStart("rows");
      for (Report each : result.reports()) {
        json.writeStartObject();
        write(each.cell(), json);
        switch (each) {
          case Row row -> write(row, json);
          case Failure failure -> json.writeStringField("failure", failure.what());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      write(second, json);
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("the JSON cannot be written", e);
    }
  }

  private static void write(SecondHalf second, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("underTheAgent");
    for (Report each : second.reports()) {
      json.writeStartObject();
      write(each.cell(), json);
      json.writeBooleanField("named", SecondHalf.isNamed(each));
      if (each instanceof Row row) {
        json.writeStringField("exception", row.exception());
        json.writeStringField("message", row.message());
        json.writeStringField("agent", row.agent());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(Cell cell, JsonGenerator json) throws IOException {
    json.writeStringField("way", Label.of(cell.way()));
    json.writeStringField("call", Label.of(cell.call()));
    json.writeStringField("thread", Label.of(cell.thread()));
    json.writeStringField("wire", Label.of(cell.wire()));
    json.writeStringField("side", Label.of(cell.side()));
  }

  private static void write(Row row, JsonGenerator json) throws IOException {
    json.writeStringField("ending", Label.of(row.ending()));
    json.writeNumberField("afterMillis", row.afterMillis());
    json.writeBooleanField("alive", row.alive());
    json.writeBooleanField("finished", row.finished());
    json.writeBooleanField("cutterReturned", row.cutterReturned());
    json.writeBooleanField("interruptKept", row.interruptKept());
    json.writeNumberField("received", row.received());
    json.writeNumberField("lost", row.lost());
    json.writeNumberField("doubled", row.doubled());
    json.writeNumberField("foreign", row.foreign());
    json.writeStringField("exception", row.exception());
    json.writeStringField("message", row.message());
    json.writeStringField("cutKind", row.cutKind());
    json.writeStringField("who", Label.of(row.who()));
    json.writeStringField("whoThread", row.whoThread());
    json.writeStringField("culprit", row.culprit());
    if (row.cell().side() == Side.CLEANBREAK) {
      List<String> violations = Verdict.violations(row);
      json.writeBooleanField("holds", violations.isEmpty());
      json.writeArrayFieldStart("violations");
      for (String each : violations) {
        json.writeString(each);
      }
      json.writeEndArray();
    }
  }
}
