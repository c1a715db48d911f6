package dev.cleanbreak.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.report.CutRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way to cut a call, on Java 17 and 25, with platform and virtual threads, the agent there
 * from the start or attached. What comes out has to be docs/agent/matrix.md; -Dmatrix.write writes
 * it.
 */
class MatrixJarTest {
  private static final Path MATRIX = Path.of("..", "docs", "agent", "matrix.md");

  @TempDir static Path folder;

  @BeforeAll
  static void makeKey() throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    String words =
        "-genkeypair -alias a -keyalg EC -dname CN=localhost -storepass secret -storetype PKCS12"
            + " -ext san=dns:localhost,ip:127.0.0.1 -keystore";
    List<String> command = new ArrayList<>(List.of(keytool.toString()));
    command.addAll(List.of(words.split(" ")));
    command.add(key().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "keytool hangs");
    assertEquals(0, process.exitValue(), Files.readString(folder.resolve("keytool.txt")));
  }

  private static Path key() {
    return folder.resolve("key.p12");
  }

  @Test
  void whoCutIsNamedInEveryRowWhereSomebodyDid() throws Exception {
    Map<String, String> cells = new HashMap<>();
    for (int java : new int[] {17, 25}) {
      for (boolean attach : new boolean[] {false, true}) {
        run(java, attach, cells);
      }
    }
    String matrix = matrix(cells);
    Files.writeString(Path.of("target", "matrix.md"), matrix);
    if (Boolean.getBoolean("matrix.write")) {
      Files.writeString(MATRIX, matrix);
    }
    assertEquals(Files.readString(MATRIX), matrix);
  }

  /** Goes all ways in one JVM and puts down what became of them. */
  private static void run(int java, boolean attach, Map<String, String> cells) throws Exception {
    Path file = folder.resolve(java + (attach ? "attach" : "run") + ".jsonl");
    String agentOptions = "out=" + file;
    List<String> options = new ArrayList<>();
    for (String store : List.of("keyStore", "trustStore")) {
      options.add("-Djavax.net.ssl." + store + "=" + key());
      options.add("-Djavax.net.ssl." + store + "Password=secret");
    }
    if (!attach) {
      options.add(Program.agent(agentOptions));
    } else if (java > 17) {
      options.add("-XX:+EnableDynamicAgentLoading");
    }
    try (Program program = new Program(java, options, WaysMain.class)) {
      program.linesUntil("ready");
      if (attach) {
        program.attach(agentOptions);
      }
      program.go();
      List<String> lines = program.linesUntil("done");
      program.attach("undo");
      List<CutRecord> cuts = Program.cuts(file);
      for (String line : lines) {
        String[] words = line.split("\t", -1);
        String column = java + " " + words[0].substring(words[0].indexOf(' ') + 1);
        int number = Integer.parseInt(words[0].substring(0, words[0].indexOf(' ')));
        Ways.Way way = Ways.all().get(number);
        String cell = cell(way, words, cuts);
        if (!cell.equals("named") && !cell.equals("blocked")) {
          System.out.println(
              java + (attach ? " attach " : " run ") + way.name() + ": " + line + " -> " + cell);
        }
        cells.put(way.name() + column + (attach ? " attach" : " run"), cell);
      }
      program.go();
      List<String> without = program.linesUntil("done");
      assertEquals(1, without.size());
      assertTrue(without.get(0).endsWith("Socket closed\t"), "after the undo: " + without);
      assertEquals(cuts, Program.cuts(file), "after the undo");
      assertEquals(0, program.end(), program.errors());
    }
  }

  /** What became of a row: its end, the culprit of the exception, and the record. */
  private static String cell(Ways.Way way, String[] words, List<CutRecord> cuts) {
    if (words[1].startsWith("blocked") || words[1].startsWith("failed")) {
      return words[1];
    }
    String culprit = "culprit " + words[0];
    boolean self = way.verdict().equals("self");
    if (words.length > 2) {
      String sentence = words[2];
      boolean named = sentence.contains(self ? "this thread itself" : "\"" + culprit + "\"");
      if (!named) {
        return sentence.isEmpty() ? "no culprit" : "wrong culprit";
      }
    }
    for (CutRecord cut : cuts) {
      String by = cut.chain().isEmpty() ? "" : cut.chain().get(0).thread().name();
      String victim = cut.victim().thread().name();
      boolean ofVictim = victim.equals("victim " + words[0]) || cut.victim().thread().id() == 0;
      if (ofVictim && by.equals(self ? victim : culprit)) {
        String verdict = cut.verdict().id();
        return verdict.equals(way.verdict()) ? "named" : "verdict " + verdict;
      }
    }
    return "no record";
  }

  private static String matrix(Map<String, String> cells) {
    List<String> columns =
        List.of(
            "17 platform run",
            "17 platform attach",
            "25 platform run",
            "25 platform attach",
            "25 virtual run",
            "25 virtual attach");
    StringBuilder text = new StringBuilder();
    int somebody = 0;
    int named = 0;
    for (Ways.Way way : Ways.all()) {
      text.append("| ").append(way.name()).append(" | ").append(way.verdict());
      for (String column : columns) {
        String cell = cells.getOrDefault(way.name() + column, "not run");
        somebody += cell.equals("blocked") ? 0 : 1;
        named += cell.equals("named") ? 1 : 0;
        text.append(" | ").append(cell);
      }
      text.append(" |\n");
    }
    return """
    # What the agent names

    Written by `MatrixJarTest`, which runs every row and fails when anything differs: ways to cut a call, on Java 17 and 25,
    with platform and virtual threads, the agent there from the start (run) or attached. *named*: the exception carries the
    culprit, if there is one, and a record says who did it, with the verdict of the second column. *blocked*: nobody cut
    anything, as `java.net`'s sockets ignore the interrupt of a platform thread. Anything else is a miss.

    Rows where somebody is to blame: %d. Named: %d.

    | way | verdict | %s |
    | --- | --- |%s
    """
            .formatted(
                somebody, named, String.join(" | ", columns), " --- |".repeat(columns.size()))
        + text;
  }
}
