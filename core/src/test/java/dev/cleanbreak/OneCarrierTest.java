package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where all virtual threads share one carrier, as in a container of one processor. */
final class OneCarrierTest {
  @Test
  void aDeadlineIsMetBesideDialoguesThatNeverPause() throws Exception {
    List<String> options =
        List.of(
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1");
    Process program =
        new ProcessBuilder(ChildJvm.command(options, OneCarrier.class)).inheritIO().start();
    try {
      assertTrue(program.waitFor(60, TimeUnit.SECONDS), "the program hangs");
      assertEquals(0, program.exitValue());
    } finally {
      program.destroyForcibly();
    }
  }
}
