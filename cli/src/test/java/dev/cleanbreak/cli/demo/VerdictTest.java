package dev.cleanbreak.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every way of breaking the contract is noticed, named, and no other. */
class VerdictTest {
  /** A row as good as rows get, with what a test changes about it. */
  private static final class Good {
    Way way = Way.SCOPE_CANCEL;
    Side side = Side.CLEANBREAK;
    Row.Ending ending = Row.Ending.CUT;
    boolean alive = true;
    boolean finished = true;
    boolean cutterReturned = true;
    boolean interruptKept;
    long lost;
    long doubled;
    long foreign;
    @Nullable String exception = "dev.cleanbreak.CancelledIOException";
    @Nullable String cutKind = "cancelled";
    Who who = Who.NAMED;
    @Nullable String culprit = "StatusWindow.cancelJob";

    Row row() {
      Cell cell = new Cell(1, way, Blocked.WRITE, ThreadKind.VIRTUAL, Wire.TLS, side);
      return new Row(
          cell,
          ending,
          1.5,
          alive,
          finished,
          cutterReturned,
          interruptKept,
          1_000,
          lost,
          doubled,
          foreign,
          exception,
          "a \"message\"",
          cutKind,
          who,
          "ui-events",
          culprit,
          null);
    }

    Good interrupted() {
      way = Way.INTERRUPT;
      cutKind = "interrupted";
      who = Who.UNSEEN;
      culprit = null;
      interruptKept = true;
      return this;
    }

    void breaks(String... violations) {
      assertEquals(List.of(violations), Verdict.violations(row()));
    }
  }

  private final Good row = new Good();

  @Test
  void aGoodRowBreaksNothing() {
    row.breaks();
    row.interrupted().breaks();
  }

  @Test
  void anInterrupterMayBeNamedIfItIsTheRightOne() {
    row.interrupted();
    row.who = Who.NAMED;
    row.culprit = "SpoolerTimer.interruptWorker";
    row.breaks();
    row.culprit = "StatusWindow.cancelJob";
    row.breaks("it blames StatusWindow.cancelJob, and SpoolerTimer.interruptWorker did it");
  }

  @Test
  void aHungCallIsNoticed() {
    row.ending = Row.Ending.HUNG_UNTIL_CLOSED;
    row.breaks("the call still hung at the limit");
  }

  @Test
  void aCutterThatHangsIsNoticed() {
    row.cutterReturned = false;
    row.breaks("whoever cut the call hung as well");
  }

  @Test
  void aDeadConnectionIsNoticedUnlessTheWayIsAClose() {
    row.alive = false;
    row.breaks("the connection did not take the rest of the job");
    row.way = Way.CLOSE;
    row.cutKind = "closed";
    row.culprit = "SpoolerTimer.closeConnection";
    row.breaks();
  }

  @Test
  void everyByteCounts() {
    row.lost = 1;
    row.doubled = 2;
    row.foreign = 3;
    row.breaks(
        "1 bytes that were accepted never arrived",
        "2 bytes arrived twice",
        "3 bytes arrived that are not of the job");
  }

  @Test
  void theExceptionMustTellTheTruth() {
    row.cutKind = null;
    row.who = Who.SILENT;
    row.breaks(
        "the exception says kind null, not cancelled", "of who did it it says: silent, not named");
    row.exception = null;
    row.breaks("the cut call threw nothing");
  }

  @Test
  void aLostInterruptIsNoticed() {
    row.interrupted().interruptKept = false;
    row.breaks("the interrupt status was lost");
  }

  @Test
  void onlyCleanbreakRowsAndFailuresAreBroken() {
    row.lost = 17;
    Good jdk = new Good();
    jdk.side = Side.JDK;
    jdk.lost = 4;
    Failure failure = new Failure(new Good().row().cell(), "no printer");
    Result result = result(row.row(), jdk.row(), failure, new Good().row());
    assertEquals(
        List.of(
            "breaks the contract: scope-cancel, write, virtual thread, tls, cleanbreak:"
                + " 17 bytes that were accepted never arrived",
            "could not be tried: scope-cancel, write, virtual thread, tls, cleanbreak: no printer"),
        result.broken());
  }

  @Test
  void theSummaryCountsItsRows() {
    row.lost = 17;
    List<String> sentences = Summary.of(result(row.row(), new Good().row()));
    assertTrue(sentences.get(1).contains("all 2 calls ended within 2 ms"), sentences::toString);
    assertTrue(sentences.get(1).contains("17 bytes lost, 0 doubled"), sentences::toString);
    assertTrue(sentences.get(3).startsWith("1 row does not hold"), sentences::toString);
    assertTrue(
        Summary.of(result(new Good().row())).get(3).startsWith("Every Cleanbreak row holds"));
  }

  @Test
  void theTableShowsEveryRow() {
    row.ending = Row.Ending.HUNG_UNTIL_UNJAMMED;
    row.lost = 17;
    StringWriter text = new StringWriter();
    new Table(result(row.row())).print(new PrintWriter(text, true));
    assertTrue(text.toString().contains("HUNG, unjammed"), text::toString);
    assertTrue(text.toString().contains("-17"), text::toString);
    assertTrue(text.toString().lines().allMatch(line -> line.length() <= 140), text::toString);
  }

  @Test
  void theJsonIsOneDocumentAndSaysWhatIsBroken() throws Exception {
    row.lost = 17;
    StringWriter text = new StringWriter();
    ResultJson.write(result(row.row(), new Good().row()), new SecondHalf(List.of()), text);
    int holds = 0;
    int broken = 0;
    try (JsonParser json = new JsonFactory().createParser(text.toString())) {
      assertEquals(JsonToken.START_OBJECT, json.nextToken());
      for (JsonToken token; (token = json.nextToken()) != null; ) {
        if ("holds".equals(json.currentName())) {
          holds += token == JsonToken.VALUE_TRUE ? 1 : 0;
          broken += token == JsonToken.VALUE_FALSE ? 1 : 0;
        }
      }
    }
    assertEquals(1, holds);
    assertEquals(2, broken, "the row and the whole");
  }

  private static Result result(Report... reports) {
    return new Result(List.of(reports), Duration.ofSeconds(2), Duration.ofSeconds(3), "nio");
  }
}
