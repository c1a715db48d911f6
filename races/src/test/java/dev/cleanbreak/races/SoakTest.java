package dev.cleanbreak.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The short form of {@code ./cleanbreak soak}, with fewer connections, and its command line. */
@Timeout(180)
class SoakTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int soak(String... args) {
    return new CommandLine(new Soak())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void nothingIsLeftOfThreadsThatComeAndGo() throws Exception {
    StormFigures figures =
        new StormTrial(1, new StormPlan(2, 16, 200, 100, 7), (storm, seconds, ledger) -> {}).run();
    assertEquals(java.util.List.of(), figures.broken());
    assertTrue(figures.ledger().forks.sum() > 100, figures::text);
    assertEquals(1, figures.ledger().children.sum());
    assertTrue(figures.text().contains(" threads forked and ended, 1 processes"), figures::text);
  }

  @Test
  void aTimeThatMakesNoSenseIsNamed() {
    assertEquals(2, soak("--time", "0s"));
    assertTrue(err.toString().contains("--time PT0S is out of range; give 1s to 168h"));
    assertEquals(2, soak("--time", "an hour"));
    assertTrue(err.toString().contains("not a time such as 5m, 90s or 1h30m: an hour"));
  }

  @Test
  void helpHasExamples() {
    assertEquals(0, soak("--help"));
    assertTrue(out.toString().contains("./cleanbreak soak --time 8h --json"), out::toString);
  }
}
