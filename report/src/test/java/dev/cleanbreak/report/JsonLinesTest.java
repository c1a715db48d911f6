package dev.cleanbreak.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written is read back; what is no line is told and passed over. */
class JsonLinesTest {
  private static final Instant TIME = Instant.parse("2026-11-24T10:00:00.000123Z");

  private final List<Entry> entries = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private static final CutRecord FULL =
      new CutRecord(
          7,
          TIME,
          Verdict.OTHER_THREAD_TRY_WITH_RESOURCES,
          Certainty.LIKELY,
          true,
          List.of("one", "two"),
          "cut by thread \"a\\b\" \u0001 \n \u2028 \ud83d\ude00",
          new Victim(
              new ThreadInfo("reader", 31, true),
              Operation.READ,
              "127.0.0.1:1",
              "127.0.0.1:2",
              "java.net.SocketException",
              "Socket closed",
              List.of("a.B.c(B.java:1)"),
              5L),
          List.of(
              new Act(
                  ActKind.SHUTDOWN_INPUT,
                  new ThreadInfo("", 1, false),
                  400_000,
                  List.of("x.Y.z(Y.java:2)", "x.Y.main(Y.java:1)"),
                  new Code("x.Y", "z", "Y.java", 2, "y.jar", List.of("x:y:1"), Told.FILE_NAME, "1"),
                  new Code("x.Z", "m", null, 0, null, List.of(), Told.UNKNOWN, null))));

  private static final CutRecord LEAST =
      new CutRecord(
          1,
          TIME,
          Verdict.UNKNOWN,
          Certainty.POSSIBLE,
          false,
          List.of(),
          "",
          new Victim(
              new ThreadInfo("", 0, false),
              Operation.CALL,
              null,
              null,
              null,
              null,
              List.of(),
              null),
          List.of());

  private static final List<Entry> ALL =
      List.of(
          new JvmRecord(TIME, 1, "Main", "17", "host", "0.1.0", List.of("a#b"), List.of()),
          FULL,
          LEAST,
          new DroppedRecord(TIME, 12, "limit"));

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    StringBuilder text = new StringBuilder();
    JsonLinesWriter writer = new JsonLinesWriter(text);
    for (Entry entry : ALL) {
      writer.write(entry);
    }
    read(text.toString());
    assertEquals(ALL, entries);
    assertEquals(List.of(), problems);
    assertEquals(ALL.size(), text.chars().filter(c -> c == '\n').count());
  }

  @Test
  void aHalfOfACharacterIsWrittenAsAnEscape() {
    String line = JsonLinesWriter.line(new DroppedRecord(TIME, 1, "a\ud800b"));
    assertEquals(
        "{\"type\":\"dropped\",\"v\":1,\"time\":\"2026-11-24T10:00:00.000123Z\",\"count\":1,"
            + "\"why\":\"a\\ud800b\"}",
        line);
  }

  @Test
  void aLineThatIsCutOffIsToldAndPassedOver() throws IOException {
    String whole = JsonLinesWriter.line(FULL);
    for (int length = 1; length < whole.length(); length++) {
      entries.clear();
      problems.clear();
      read(JsonLinesWriter.line(LEAST) + "\n" + whole.substring(0, length));
      assertEquals(List.of(LEAST), entries);
      assertEquals(1, problems.size(), "at " + length);
      assertEquals("line 2: ", problems.get(0).substring(0, 8));
    }
  }

  @Test
  void whatIsNoRecordingIsToldLineByLine() throws IOException {
    read("hello\n\n[1]\n{}\n{\"type\":\"cut\",\"v\":1}\n{\"type\":5,\"v\":1}\n{} {}\n");
    assertEquals(List.of(), entries);
    assertEquals(6, problems.size());
    assertEquals("line 4: no \"type\"", problems.get(2));
    assertEquals("line 6: \"type\" has the wrong type", problems.get(4));
  }

  @Test
  void aLaterVersionIsRefusedAndALaterTypeOrMemberPassedOver() throws IOException {
    read(
        "{\"type\":\"cut\",\"v\":2}\n{\"type\":\"song\",\"v\":1}\n"
            + JsonLinesWriter.line(LEAST).replace("\"id\"", "\"x\":{\"y\":[null,1.5]},\"id\""));
    assertEquals(List.of("line 1: version 2, this reader knows up to 1"), problems);
    assertEquals(List.of(LEAST), entries);
  }

  @Test
  void everyNameIsItsOwn() {
    assertEquals(
        Verdict.values().length,
        List.of(Verdict.values()).stream().map(Named::id).distinct().count());
    for (Verdict verdict : Verdict.values()) {
      assertEquals(verdict, Named.of(Verdict.class, verdict.id(), Verdict.UNKNOWN));
      assertFalse(verdict.text().isEmpty());
    }
  }

  private void read(String text) throws IOException {
    JsonLinesReader.read(new StringReader(text), entries::add, problems::add);
  }
}
