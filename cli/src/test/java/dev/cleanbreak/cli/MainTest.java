package dev.cleanbreak.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line: what is taken, what is refused, and with which words. */
@Timeout(120)
class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          demo --only stop     | 'stop' is none of interrupt, future-cancel, shutdown-now, close
          demo --kind green    | 'green' is none of platform, virtual
          demo --wire quic     | 'quic' is none of plain, tls
          demo --limit soon    | 'soon' is not a number of seconds from 0.5 to 60
          demo --limit 0.4     | '0.4' is not a number of seconds from 0.5 to 60
          demo --limit 1e9     | '1e9' is not a number of seconds from 0.5 to 60
          demo --limit         | --limit
          demo --transport pci | --transport pci: no transport is called "pci"; there are epoll, nio
          demo --loud          | --loud
          demo everything      | everything
          dmeo                 | "There is no command 'dmeo'. There are: run, watch, report, demo, help."
          """)
  void badUsageSaysWhatWasGivenAndWhatIsAccepted(String args, String message) {
    assertEquals(2, run(args.split(" ", -1)));
    assertTrue(err.toString().contains(message), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void noCommandIsBadUsageAndListsThem() {
    assertEquals(2, run());
    assertTrue(err.toString().contains("demo"), err::toString);
  }

  @Test
  void helpShowsExamplesAndExitCodes() {
    assertEquals(0, run("demo", "--help"));
    assertTrue(out.toString().contains("cleanbreak demo --json > rows.json"), out::toString);
    assertTrue(out.toString().contains("every Cleanbreak row holds the contract"), out::toString);
  }

  @Test
  void theResultNamesTheTransportThatRan() {
    int code = run("demo", "--only", "deadline", "--kind", "platform", "--transport", "nio");
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("Cleanbreak, on the transport nio: "), out::toString);
  }

  /** Where it can be used, which is said to whoever asks for it; here it needs no argument. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void onLinuxThatIsEpollInJsonToo() {
    String[] demo = {"demo", "--only", "interrupt", "--kind", "platform", "--wire", "plain"};
    int code = run(Stream.concat(Stream.of(demo), Stream.of("--json")).toArray(String[]::new));
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("\"transport\" : \"epoll\""), out::toString);
    assertTrue(
        out.toString().contains("\"culprit\" : \"SpoolerTimer.interruptWorker\""),
        () -> "a platform thread does not see who interrupts it: " + out);
  }

  @Test
  void demoRunsToTheEndAndHolds() {
    int code = run("demo", "--only", "read-timeout", "--kind", "virtual", "--wire", "plain");
    assertEquals(0, code, err::toString);
    assertTrue(out.toString().contains("Every Cleanbreak row holds"), out::toString);
    assertTrue(err.toString().contains("2 of 2 calls cut"), err::toString);
  }

  @Test
  void theSecondHalfNamesWhoCutOnTheJdksSockets() {
    int code = run("demo", "--only", "close,scope-cancel", "--wire", "plain", "--limit", "1");
    assertEquals(0, code, err::toString);
    assertTrue(
        out.toString().contains("named the code in 8 of 8; without the agent in none."),
        out::toString);
    assertTrue(out.toString().contains("cut by thread \"spooler-timer\""), out::toString);
  }
}
