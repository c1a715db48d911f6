package dev.cleanbreak.cli.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real JVMs that are watched, and processes that cannot be. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS) // signals
class WatchCommandTest {
  @TempDir private Path folder;

  private void refused(String pid, String words, String... more) throws Exception {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "watch";
    arguments[1] = pid;
    System.arraycopy(more, 0, arguments, 2, more.length);
    try (Child watch = Child.cleanbreak(folder, arguments)) {
      assertEquals(1, watch.end(), watch::printed);
      assertTrue(watch.printed().startsWith("cleanbreak watch: "), watch::printed);
      assertTrue(watch.printed().contains(words), watch::printed);
      assertEquals(1, watch.printed().lines().count(), watch::printed);
    }
  }

  @Test
  void namesTheCulpritAndIsGoneAfterCtrlC() throws Exception {
    try (Child program = Child.troubled(folder)) {
      program.say("forever");
      program.await("culprits 0");
      for (int round = 0; round < 2; round++) { // the second finds no agent of the first
        try (Child watch =
            Child.cleanbreak(folder, "watch", program.pid(), "--out", "cuts.jsonl")) {
          String line = watch.await("cut by thread \"cutter\"");
          assertTrue(line.contains("callback of a timer, certain: read of \"main\""), line);
          program.await("culprits 1");
          refused(program.pid(), "the agent is in process " + program.pid() + " already");
          watch.signal("INT");
          assertEquals(0, watch.end(), watch::printed);
        }
        program.await("culprits 0");
      }
      assertTrue(Files.readString(folder.resolve("cuts.jsonl")).contains("\"verdict\":\"timer\""));
    }
  }

  @Test
  void whatAKilledWatchLeftIsTakenOut() throws Exception {
    try (Child program = Child.troubled(folder)) {
      program.say("forever");
      try (Child watch = Child.cleanbreak(folder, "watch", program.pid(), "--json")) {
        watch.await("\"type\":\"cut\"");
        watch.signal("KILL");
        watch.end();
      }
      try (Child undo = Child.cleanbreak(folder, "watch", program.pid(), "--undo")) {
        assertEquals(0, undo.end(), undo::printed);
      }
      program.await("culprits 0");
      refused(program.pid(), "there is no agent in process", "--undo");
    }
  }

  @Test
  void endsWithTheProgram() throws Exception {
    try (Child program = Child.troubled(folder);
        Child watch = Child.cleanbreak(folder, "watch", program.pid())) {
      program.say("cut 1000");
      watch.await("cut by thread");
      program.signal("TERM");
      assertEquals(0, watch.end(), watch::printed);
      assertTrue(watch.printed().contains("has ended"), watch::printed);
    }
  }

  @Test
  void withoutAgentItMatchesByTime() throws Exception {
    try (Child program = Child.troubled(folder, "-XX:-EnableDynamicAgentLoading")) {
      program.say("forever");
      refused(program.pid(), "takes no agents");
      try (Child watch = Child.cleanbreak(folder, "watch", program.pid(), "--agentless")) {
        String line = watch.await("possibly cut by thread \"cutter\"");
        assertTrue(line.contains("Troubled$Closer.run"), line);
        watch.signal("INT");
        assertEquals(0, watch.end(), watch::printed);
      }
      assertTrue(program.isAlive());
    }
  }

  @Test
  void saysWhyAProcessCannotBeWatched() throws Exception {
    refused("99999999", "there is no process 99999999");
    Process sleep = new ProcessBuilder("sleep", "60").start();
    try {
      refused(Long.toString(sleep.pid()), "is no HotSpot JVM");
      assertTrue(sleep.isAlive(), "and is not harmed");
    } finally {
      sleep.destroy();
    }
    try (Child program = Child.troubled(folder, "-XX:+DisableAttachMechanism")) {
      program.say("hello");
      program.await("heard hello");
      refused(program.pid(), "-XX:+DisableAttachMechanism");
      program.say("still there");
      program.await("heard still there");
    }
  }

  @Test
  void refusesWhatItCannotKeepBeforeItAttaches() throws Exception {
    try (Child program = Child.troubled(folder)) {
      refused(program.pid(), "has no folder to be in", "--out", "nowhere/cuts.jsonl");
    }
  }
}
