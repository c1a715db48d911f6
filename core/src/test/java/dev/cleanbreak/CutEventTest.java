package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.FutureTask;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Flight Recorder keeps of a cut, read back from its file. */
@Timeout(60)
class CutEventTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void aCutIsRecordedWithWhatItsExceptionSays(ThreadKind kind) throws Exception {
    Cut cut;
    Thread reader;
    List<RecordedEvent> events;
    // Nothing is asked for: the event is on by itself.
    try (Recording recording = new Recording();
        Pair pair = Pair.open(SocketSettings.standard())) {
      recording.start();
      CancelScope scope = CancelScope.open("recorded");
      FutureTask<Cut> read = new FutureTask<>(() -> scope.call(() -> cutOfARead(pair)));
      reader = kind.start(read);
      pair.awaitReader();
      scope.cancel("for the record");
      cut = read.get();
      events = eventsOf(recording, reader);
    }
    assertEquals(1, events.size(), events::toString);
    RecordedEvent event = events.getFirst();
    assertEquals("CANCELLED", event.getString("kind"));
    assertEquals("for the record", event.getString("reason"));
    assertEquals("recorded", event.getString("scope"));
    assertEquals("READ", event.getString("operation"));
    assertEquals(cut.waited(), event.getDuration("waited"));
    assertEquals(cut.time().truncatedTo(ChronoUnit.MILLIS), event.getInstant("cutAt"));
    assertEquals(Thread.currentThread().getName(), event.getString("byThread"));
    assertEquals(Thread.currentThread().threadId(), event.getLong("byThreadId"));
    assertTrue(event.getString("byStack").contains("CancelScope.cancel"));
    assertTrue(event.getString("byStack").contains("aCutIsRecordedWithWhatItsExceptionSays"));
    assertEquals(String.valueOf(cut.local()), event.getString("local"));
    assertEquals(String.valueOf(cut.remote()), event.getString("remote"));
    assertTrue(
        event.getStackTrace().getFrames().stream()
            .anyMatch(frame -> frame.getMethod().getName().equals("cutOfARead")),
        () -> "the stack of the victim: " + event.getStackTrace());
  }

  @ParameterizedTest
  @EnumSource
  void whatNoThreadCutNamesNone(ThreadKind kind) throws Exception {
    List<RecordedEvent> events;
    try (Recording recording = new Recording();
        Pair pair = Pair.open(SocketSettings.standard().withReadTimeout(Duration.ofMillis(10)))) {
      recording.start();
      FutureTask<Cut> read = new FutureTask<>(() -> cutOfARead(pair));
      Thread reader = kind.start(read);
      read.get();
      events = eventsOf(recording, reader);
    }
    assertEquals(1, events.size(), events::toString);
    RecordedEvent event = events.getFirst();
    assertEquals("TIMEOUT", event.getString("kind"));
    assertFalse(event.getDuration("waited").isZero());
    assertNull(event.getString("scope"));
    assertNull(event.getString("byThread"));
    assertNull(event.getString("byStack"));
    assertEquals(0, event.getLong("byThreadId"));
  }

  private static Cut cutOfARead(Pair pair) throws Exception {
    try {
      throw new AssertionError("read " + pair.in().read());
    } catch (java.io.IOException e) {
      return ((CutException) e).cut();
    }
  }

  /** Of the thread that was cut: other tests may have left threads behind. */
  private List<RecordedEvent> eventsOf(Recording recording, Thread victim) throws Exception {
    recording.stop();
    Path file = folder.resolve("cuts.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("dev.cleanbreak.Cut"))
        .filter(event -> event.getThread().getJavaThreadId() == victim.threadId())
        .toList();
  }
}
