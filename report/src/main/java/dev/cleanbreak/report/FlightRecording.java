package dev.cleanbreak.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Reads the cuts out of a file of Flight Recorder: those of the agent and those of core. */
final class FlightRecording {
  private final List<CutRecord> cuts = new ArrayList<>();
  private @Nullable JvmRecord jvm;

  private FlightRecording() {}

  static Recording read(Path file, String source) throws IOException {
    FlightRecording read = new FlightRecording();
    List<String> problems = new ArrayList<>();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        read.add(events.readEvent());
      }
    } catch (IOException | RuntimeException e) {
      // What is cut off, the parser meets with whatever it meets then.
      if (read.isEmpty()) {
        throw new ForeignFileException("Flight Recorder's own reader says: " + e.getMessage(), e);
      }
      problems.add("it ends early: " + e.getMessage());
    }
    return new Recording(source, read.jvm, read.cuts, List.of(), problems);
  }

  private boolean isEmpty() {
    return jvm == null && cuts.isEmpty();
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "dev.cleanbreak.Cut" -> cuts.add(CoreCutEvent.record(event, cuts.size() + 1));
      case "jdk.JVMInformation" -> jvm = jvm(event);
      default -> {
        // Somebody else's.
      }
    }
  }

  private static JvmRecord jvm(RecordedEvent event) {
    Instant start = event.getInstant("jvmStartTime");
    String main = text(event, "javaArguments").strip().split("\\s+", 2)[0];
    return new JvmRecord(
        start == null ? event.getStartTime() : start,
        event.hasField("pid") ? event.getLong("pid") : 0,
        main,
        text(event, "jvmVersion").replaceFirst("(?s)^.*\\(([0-9][^)]*)\\).*$", "$1"),
        "",
        "",
        List.of(),
        List.of());
  }

  static String text(RecordedEvent event, String field) {
    String value = event.hasField(field) ? event.getString(field) : null;
    return value == null ? "" : value;
  }
}
