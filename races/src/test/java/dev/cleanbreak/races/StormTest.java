package dev.cleanbreak.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.cleanbreak.SocketSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The short form of {@code ./cleanbreak storm}, and its command line. */
class StormTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int storm(String... args) {
    return new CommandLine(new Storm())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  @Timeout(180)
  void nothingBreaksAndNothingIsLeft() {
    int code = storm("--seconds", "3", "--connections", "24", "--rate", "1000");
    assertEquals(0, code, () -> out + "\n" + err);
    String text = out.toString();
    for (ShotKind kind : ShotKind.values()) {
      assertTrue(
          text.lines().anyMatch(line -> line.matches(kind.text() + " +[1-9].*")),
          () -> "no " + kind.text() + " in " + text);
    }
    assertTrue(text.contains("Nothing broke."), text);
    String transport = SocketSettings.standard().transport().name();
    assertTrue(text.contains("; transport " + transport + ";"), text);
  }

  @Test
  void aBadNumberIsNamedWithItsRange() {
    assertEquals(2, storm("--rate", "0"));
    assertTrue(
        err.toString().contains("--rate 0 is out of range; give 1 to 1000000"), err::toString);
  }

  @Test
  void aTransportThatIsNoneIsRefused() {
    assertEquals(2, storm("--transport", "pci"));
    assertTrue(
        err.toString().contains("--transport pci: no transport is called \"pci\"; there are"),
        err::toString);
  }

  @Test
  void tooManyConnectionsForTheDescriptorLimitAreRefusedWithTheWayOut() {
    assumeTrue(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            && unix.getMaxFileDescriptorCount() < 10_000_300);
    assertEquals(2, storm("--connections", "1000000", "--seconds", "1", "--rate", "1"));
    assertTrue(err.toString().contains("ulimit -n 10000300"), err::toString);
  }

  @Test
  void helpHasExamples() {
    assertEquals(0, storm("--help"));
    assertTrue(out.toString().contains("./cleanbreak storm --seed 42 --json"), out::toString);
  }

  @Test
  void aByteOutOfPlaceIsFound() {
    StreamBytes bytes = new StreamBytes(7);
    byte[] sent = new byte[100];
    bytes.fill(sent, sent.length, 1_000_000);
    assertEquals(-1, bytes.mismatch(sent, sent.length, 1_000_000));
    sent[60]++;
    assertEquals(60, bytes.mismatch(sent, sent.length, 1_000_000));
    bytes.fill(sent, sent.length, 1_000_000);
    assertTrue(bytes.mismatch(sent, sent.length, 1_000_000 + (1 << 14)) >= 0, "another block");
  }
}
