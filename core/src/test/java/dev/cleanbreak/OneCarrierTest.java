package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where all virtual threads share one carrier, as in a container of one processor. */
final class OneCarrierTest {
  @Test
  void aDeadlineIsMetBesideDialoguesThatNeverPause() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "-cp",
                pathOf(CleanSocket.class) + File.pathSeparator + pathOf(OneCarrier.class),
                OneCarrier.class.getName())
            .inheritIO()
            .start();
    try {
      assertTrue(program.waitFor(60, TimeUnit.SECONDS), "the program hangs");
      assertEquals(0, program.exitValue());
    } finally {
      program.destroyForcibly();
    }
  }

  /** Tests may run with a module path, in which a class path says nothing. */
  private static Path pathOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
