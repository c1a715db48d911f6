package dev.cleanbreak.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The short form of {@code ./cleanbreak safepoints}. */
@Timeout(180)
class SafepointsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int safepoints(String... args) {
    return new CommandLine(new Safepoints())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void twoCollectorsOnTheTransportThatIsEverywhere() {
    int code =
        safepoints(
            "--seconds=1",
            "--warm-up=1",
            "--connections=16",
            "--rate=500",
            "--collectors=Serial,G1",
            "--transports=nio");
    assertEquals(0, code, () -> out + "\n" + err);
    for (String collector : List.of("Serial", "G1")) {
      String row = collector + " +nio +[1-9][0-9,]* +[0-9]+ +0 +[1-9],[0-9]{3} +[0-9.]+";
      assertTrue(out.toString().lines().anyMatch(line -> line.matches(row)), out::toString);
    }
    assertTrue(out.toString().contains("Nothing broke."), out::toString);
  }

  @Test
  void aJvmThatDiesIsNotWell() throws Exception {
    SafepointStorm.Result result =
        new SafepointStorm("NoSuch", "nio", List.of("--seconds=1")).run();
    assertTrue(result.exitCode() != 0, result::toString);
    assertEquals(0, result.cuts());
  }

  @Test
  void whatIsNotKnownIsNamed() {
    assertEquals(2, safepoints("--collectors=G1,CMS"));
    assertTrue(err.toString().contains("--collectors CMS: give some of [Serial"), err::toString);
    assertEquals(2, safepoints("--transports=iouring"));
  }

  @Test
  void whatTheStormRefusesIsRefused() {
    assertEquals(2, safepoints("--rate=0", "--collectors=G1", "--transports=nio"));
  }

  @Test
  void helpHasExamples() {
    assertEquals(0, safepoints("--help"));
    assertTrue(out.toString().contains("./cleanbreak safepoints --seed 42 --json"), out::toString);
  }
}
