package dev.cleanbreak.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user runs it, with the smallest settings. */
@Timeout(120)
class BenchTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @TempDir Path folder;

  private int run(String... arguments) {
    return Bench.run(new PrintStream(printed, true, StandardCharsets.UTF_8), arguments);
  }

  private String output() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aQuickPingPongMeasuresEveryVariantAndRewritesThePage() throws Exception {
    Path page = folder.resolve("performance.md");
    Files.writeString(page, "# Title\n" + MarkedPage.BEGIN + MarkedPage.END + "\n");
    int status =
        run(
            "--quick",
            "--only=pingpong-64B-virtual",
            "--rounds=1",
            "--seconds=0.02",
            "--write=" + page);
    assertEquals(0, status);
    for (EchoVariant variant : PingPong.variants()) {
      String row =
          output()
              .lines()
              .filter(l -> l.startsWith("| " + variant.name() + " |"))
              .toList()
              .getFirst();
      assertFalse(row.startsWith("| " + variant.name() + " | 0.0 "), row);
    }
    assertTrue(output().contains("Cores: "));
    assertTrue(Files.readString(page).contains(output().strip()));
  }

  @Test
  void aQuickConnectFindsTheLiveAddressInEveryWay() {
    assertEquals(0, run("--quick", "--only=connect", "--rounds=1", "--seconds=0.01"));
    for (NamedConnect way : NamedConnect.values()) {
      assertTrue(output().contains("| " + way.title + "; dead first |"), output());
      assertTrue(output().contains("| " + way.title + "; live first |"), output());
    }
  }

  @Test
  void aQuickServerServesBothKinds() {
    assertEquals(0, run("--quick", "--only=server", "--rounds=1", "--seconds=0.01"));
    assertTrue(output().contains("| java.net.ServerSocket, an accept loop |"), output());
    assertTrue(output().contains("| CleanServer (nio) |"), output());
    assertTrue(output().contains("| CleanServer (epoll) |"), output());
  }

  @Test
  void quickDriversGetAnswersOnBothKindsOfSockets() {
    assertEquals(0, run("--quick", "--only=drivers-nio", "--rounds=1", "--seconds=0.02"));
    for (Driver driver : Driver.values()) {
      String row = "\\| " + Pattern.quote(driver.title) + " \\| [1-9][^|]*\\| [1-9][^|]*\\|.*";
      assertTrue(output().lines().anyMatch(line -> line.matches(row)), output());
      assertTrue(output().contains("| " + driver.title + ": ≥ 0.97 of"), output());
    }
  }

  @Test
  void aQuickCutAsJsonHoldsEveryRound() {
    assertEquals(
        0, run("--quick", "--only=cut-platform", "--rounds=3", "--seconds=0.01", "--json"));
    assertTrue(output().startsWith("{\"command\":\"./cleanbreak bench --quick"), output());
    String values = "\\[\\[[0-9.E,-]+],\\[[0-9.E,-]+],\\[[0-9.E,-]+]]";
    for (CutRead.Way way : CutRead.Way.values()) {
      String pattern = "(?s).*\"" + Pattern.quote(way.title) + "\":" + values + ".*";
      assertTrue(output().matches(pattern), output());
    }
  }

  @Test
  void wrongOptionsAreRefusedBeforeAnythingRuns() {
    assertEquals(2, run("--only=nothing"));
    assertEquals(2, run("--rounds=0"));
    assertEquals(2, run("--seconds=-1"));
    assertEquals(1, run("--only=cut", "--write=" + folder.resolve("missing.md")));
    assertEquals("", output());
  }
}
