package dev.cleanbreak.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine of the demo, with the real processes. */
@Timeout(120)
class DemoTest {
  private static final Duration LIMIT = Duration.ofMillis(500);

  private static Row row(List<Report> reports, Way way, Side side) {
    for (Report each : reports) {
      if (each.cell().way() == way && each.cell().side() == side) {
        return assertInstanceOf(Row.class, each, each::toString);
      }
    }
    throw new AssertionError("no row of " + way + " on " + side + " in " + reports);
  }

  @Test
  void showsTheTroubleOfTheJdkAndTheContract() throws Exception {
    Set<Long> before = children();
    List<Cell> cells =
        Cell.all(cell ->
            cell.call() == Blocked.WRITE
                && cell.thread() == ThreadKind.PLATFORM
                && (cell.way() == Way.INTERRUPT && cell.wire() == Wire.PLAIN
                    || cell.way() == Way.CLOSE && cell.wire() == Wire.TLS));
    List<Report> heard = new ArrayList<>();
    List<Report> reports = new Demo(cells, LIMIT, "nio", List.of()).run(heard::add);

    assertEquals(cells, reports.stream().map(Report::cell).toList());
    assertEquals(Set.copyOf(reports), Set.copyOf(heard));
    assertEquals(List.of(), new Result(reports, LIMIT, LIMIT, "nio").broken());

    Row interrupted = row(reports, Way.INTERRUPT, Side.CLEANBREAK);
    assertTrue(interrupted.alive());
    assertTrue(interrupted.received() > 0);
    assertEquals("interrupted", interrupted.cutKind());
    Row closed = row(reports, Way.CLOSE, Side.CLEANBREAK);
    assertFalse(closed.alive());
    assertEquals("spooler-timer", closed.whoThread());
    assertEquals("SpoolerTimer.closeConnection", closed.culprit());

    Row deaf = row(reports, Way.INTERRUPT, Side.JDK);
    assertEquals(Row.Ending.HUNG_UNTIL_CLOSED, deaf.ending());
    assertEquals(Who.SILENT, deaf.who());
    assertFalse(Verdict.violations(deaf).isEmpty(), "the verdict is not blind");

    assertEquals(before, children(), "no process is left");
    assertEquals(List.of(), leftFolders());
  }

  private static Set<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  private static List<String> leftFolders() {
    String[] names = new File(System.getProperty("java.io.tmpdir")).list();
    return Stream.of(names == null ? new String[0] : names)
        .filter(name -> name.startsWith(Workshop.FOLDER_PREFIX + ProcessHandle.current().pid()))
        .toList();
  }

  @Test
  void aProcessThatDiesIsReportedWithWhatItPrinted() throws Exception {
    try (Workshop workshop = new Workshop();
        ChildProcess child = workshop.start("client", ClientProcess.class, List.of())) {
      child.input().write("no assignment".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      child.input().close();
      child.output().readAllBytes();
      IOException failure = child.failed("ended");
      assertTrue(failure.getMessage().contains("the client process ended"), failure::getMessage);
      assertTrue(failure.getMessage().contains("StreamCorruptedException"), failure::getMessage);
    }
  }

  @Test
  void childrenEndWithTheirInput() throws Exception {
    try (Workshop workshop = new Workshop()) {
      ChildProcess printer = workshop.start("printer", PrinterProcess.class, List.of());
      printer.input().write("\n\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      printer.input().flush();
      assertTrue(printer.output().read() >= 0, "it is up");
      printer.input().close();
      printer.output().readAllBytes();
      ProcessHandle.of(printer.pid()).ifPresent(alive -> alive.onExit().join());
      assertFalse(printer.isAlive());
    }
  }

  @Test
  void aClosedWorkshopStartsNothing() throws Exception {
    Workshop workshop = new Workshop();
    workshop.close();
    assertThrows(
        IOException.class, () -> workshop.start("printer", PrinterProcess.class, List.of()));
  }
}
