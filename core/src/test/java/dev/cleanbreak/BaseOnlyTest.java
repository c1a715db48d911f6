package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Core in an image without Flight Recorder, and what it logs of its cuts. */
class BaseOnlyTest {
  @TempDir private Path folder;

  /** By itself the log has the caller that spins, once, and no cut that was asked for. */
  @Test
  void onlyWhatNobodyAskedForWeighsMoreThanDebug() throws Exception {
    List<String> log = run(List.of("--limit-modules", "java.base"));
    assertEquals(1, linesWith("was cut", log), log::toString);
    assertEquals(1, linesWith("ignored it more than 100 times", log), log::toString);
    assertEquals(1, linesWith("WARNING", log), log::toString);
  }

  @Test
  void everyCutIsLoggedForWhoWantsToHearIt() throws Exception {
    List<String> log =
        run(List.of("--limit-modules", "java.base", "-Djdk.system.logger.level=DEBUG"));
    assertEquals(Direction.SPIN_LIMIT + 3, linesWith("was cut", log), log::toString);
    assertEquals(1, linesWith("a call of thread \"main\" #", log.subList(0, 2)), log::toString);
    assertEquals(1, linesWith("Read timed out; after ", log), log::toString);
    assertEquals(1, linesWith("WARNING", log), log::toString);
  }

  /** As a module of its own, which reads Flight Recorder where that is there. */
  @Test
  void aModuleReadsFlightRecorderWhereItIs() throws Exception {
    Path core = ChildJvm.pathOf(CleanSocket.class);
    Path file = folder.resolve("module.jfr");
    runCommand(
        ChildJvm.command(
            List.of(
                "--module-path",
                core.toString(),
                "--add-modules",
                "dev.cleanbreak",
                "--patch-module",
                "dev.cleanbreak=" + ChildJvm.pathOf(BaseOnly.class),
                "-XX:StartFlightRecording:filename=" + file,
                "--module",
                "dev.cleanbreak/" + BaseOnly.class.getName(),
                "with Flight Recorder")));
    long cuts =
        jdk.jfr.consumer.RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.cleanbreak.Cut"))
            .count();
    assertEquals(Direction.SPIN_LIMIT + 3, cuts);
  }

  private List<String> run(List<String> options) throws Exception {
    return runCommand(ChildJvm.command(options, BaseOnly.class));
  }

  /** Runs the program, which must succeed; returns what it has logged. */
  private List<String> runCommand(List<String> command) throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program hangs");
      assertEquals(0, process.exitValue(), () -> text(log));
      return Files.readAllLines(log);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  private static long linesWith(String part, List<String> lines) {
    return lines.stream().filter(line -> line.contains(part)).count();
  }
}
