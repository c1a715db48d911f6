package dev.cleanbreak.cli.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real programs under the agent. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS) // signals
class RunCommandTest {
  private static final List<String> TROUBLED = Child.java(Troubled.class.getName());

  @TempDir private Path folder;

  private Child run(List<String> command, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("run"));
    words.addAll(List.of(options));
    words.add("--");
    words.addAll(command);
    return Child.cleanbreak(folder, words.toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void keepsInputOutputAndExitCodeAndNamesTheCulprit() throws Exception {
    try (Child run = run(TROUBLED)) {
      run.say("good day");
      run.await("heard good day");
      run.say("cut 2");
      run.await("culprits 1");
      run.say("exit 42");
      assertEquals(42, run.end(), run::printed);
      assertTrue(run.printed().contains("cleanbreak: 2 calls cut, 0 orderly closes"), run::printed);
      assertTrue(run.printed().contains("Troubled$Closer.run(Troubled.java:"), run::printed);
      assertEquals(1, files().size(), files()::toString);
      assertTrue(files().get(0).matches("cuts-\\d+\\.jsonl"), files()::toString);
    }
  }

  @Test
  void leavesNothingIfNothingWasCut() throws Exception {
    try (Child run = run(TROUBLED, "--fail-on-cut")) {
      run.say("exit 0");
      assertEquals(0, run.end(), run::printed);
      assertEquals(List.of(), files());
    }
  }

  @Test
  void failsOnACutOnlyIfTheProgramDidNot() throws Exception {
    for (int code : new int[] {0, 9}) {
      try (Child run = run(TROUBLED, "--fail-on-cut", "--out", "cuts.jsonl", "--live")) {
        run.say("cut 1");
        run.await("callback of a timer, certain: read of \"main\"");
        run.say("exit " + code);
        assertEquals(code == 0 ? 3 : 9, run.end(), run::printed);
      }
    }
    assertEquals(2, Files.readAllLines(folder.resolve("cuts.jsonl")).size(), "of the last run");
  }

  @Test
  void aScriptGetsTheAgentIntoItsJvms() throws Exception {
    String program = String.join(" ", TROUBLED);
    List<String> script = List.of("sh", "-c", "echo cut 1 | " + program + "; exit 5");
    try (Child run = run(script, "--out", "cuts.jsonl", "--json")) {
      assertEquals(5, run.end(), run::printed);
      assertTrue(run.printed().contains("\"cutsByCode\" : 1"), run::printed);
      assertTrue(files().stream().allMatch(name -> name.matches("cuts-\\d+\\.jsonl")));
    }
  }

  @Test
  void aSignalGoesToTheProgram() throws Exception {
    for (String signal : List.of("TERM", "INT")) {
      try (Child run = run(TROUBLED)) {
        run.say("cut 1");
        run.await("culprits 1");
        run.signal(signal);
        assertEquals(signal.equals("TERM") ? 143 : 130, run.end(), run::printed);
        assertTrue(run.printed().contains("1 call cut"), run::printed);
      }
    }
  }

  @Test
  void whatCannotBeStartedHasTheCodesOfShells() throws Exception {
    assertRefused(127, "'no-such-program' cannot be started", List.of("no-such-program"));
    Path file = Files.writeString(folder.resolve("data"), "");
    assertRefused(126, "cannot be started: ", List.of(file.toString()));
    assertRefused(125, "has no folder to be in", TROUBLED, "--out", "nowhere/cuts.jsonl");
    assertRefused(125, "commas", TROUBLED, "--out", "a,b");
  }

  private void assertRefused(int code, String words, List<String> command, String... options)
      throws Exception {
    try (Child run = run(command, options)) {
      assertEquals(code, run.end(), run::printed);
      assertTrue(run.printed().contains(words), run::printed);
      assertEquals(1, run.printed().lines().count(), run::printed);
      assertFalse(run.printed().contains("\tat "), run::printed);
    }
  }

  @Test
  void ifNothingWasWatchedNothingIsKnown() throws Exception {
    try (Child run = run(List.of("true"), "--fail-on-cut")) {
      assertEquals(125, run.end(), run::printed);
      assertTrue(run.printed().contains("nothing was watched"), run::printed);
    }
  }
}
