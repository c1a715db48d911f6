package dev.cleanbreak.report;

import java.util.List;
import java.util.Locale;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * The event {@code dev.cleanbreak.Cut}, by which Cleanbreak's own sockets tell of a cut, as a
 * record. Core has told it at first hand, so all of it is certain.
 */
final class CoreCutEvent {
  private CoreCutEvent() {}

  static CutRecord record(RecordedEvent event, long id) {
    String kind = FlightRecording.text(event, "kind");
    Verdict verdict = verdict(kind);
    List<Act> chain = chain(event, kind);
    return new CutRecord(
        id,
        event.getEndTime(),
        verdict,
        Certainty.CERTAIN,
        kind.equals("SHUTDOWN"),
        List.of("Cleanbreak's own socket said so: " + words(kind) + "."),
        sentence(event, kind, chain),
        victim(event),
        chain);
  }

  private static Verdict verdict(String kind) {
    return switch (kind) {
      case "TIMEOUT" -> Verdict.TIMEOUT;
      case "INTERRUPTED" -> Verdict.INTERRUPT;
      case "CLOSED" -> Verdict.CLOSE;
      default -> Verdict.SCOPE_CANCEL;
    };
  }

  private static String words(String kind) {
    return kind.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String sentence(RecordedEvent event, String kind, List<Act> chain) {
    StringBuilder sentence = new StringBuilder(words(kind));
    String scope = FlightRecording.text(event, "scope");
    if (!scope.isEmpty()) {
      sentence.append(" (scope \"").append(scope).append("\")");
    }
    String reason = FlightRecording.text(event, "reason");
    if (!reason.isEmpty()) {
      sentence.append(": ").append(reason);
    }
    for (Act act : chain) {
      sentence.append("; by thread \"").append(act.thread().name()).append('"');
      if (act.code() != null) {
        sentence.append(" at ").append(act.code().frame());
      }
    }
    return sentence.toString();
  }

  private static List<Act> chain(RecordedEvent event, String kind) {
    String by = FlightRecording.text(event, "byThread");
    if (by.isEmpty()) {
      return List.of();
    }
    ActKind act =
        switch (kind) {
          case "INTERRUPTED" -> ActKind.INTERRUPT;
          case "CLOSED" -> ActKind.CLOSE;
          default -> ActKind.CANCEL;
        };
    List<String> stack =
        FlightRecording.text(event, "byStack")
            .lines()
            .filter(line -> line.strip().startsWith("at "))
            .map(line -> line.strip().substring("at ".length()))
            .toList();
    // The event has the time of the cut in milliseconds only.
    long millis = event.getEndTime().toEpochMilli() - event.getLong("cutAt");
    return List.of(
        new Act(
            act,
            new ThreadInfo(by, event.getLong("byThreadId"), false),
            Math.max(0, millis) * 1_000_000,
            stack,
            FlightStack.code(stack),
            null));
  }

  private static Victim victim(RecordedEvent event) {
    String operation = FlightRecording.text(event, "operation").toLowerCase(Locale.ROOT);
    return new Victim(
        FlightStack.thread(event),
        Named.of(Operation.class, operation, Operation.CALL),
        textOrNull(event, "local"),
        textOrNull(event, "remote"),
        null,
        null,
        FlightStack.of(event),
        event.getDuration("waited").toNanos());
  }

  private static @Nullable String textOrNull(RecordedEvent event, String field) {
    String text = FlightRecording.text(event, field);
    return text.isEmpty() ? null : text;
  }
}
