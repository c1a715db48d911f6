package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process out of descriptors: what needs one says so, and what has one goes on. */
@Timeout(90)
final class NoDescriptorsTest {
  @Test
  void whatNeedsOneSaysSoAndWhatHasOneGoesOn() throws Exception {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 120; exec \"$@\"", "sh"));
    command.addAll(
        ChildJvm.onClassPath(
            List.of("--enable-native-access=ALL-UNNAMED", "-Ddev.cleanbreak.transport=epoll"),
            NoDescriptors.class));
    ChildJvm.Result result = ChildJvm.run(command);
    assertEquals(0, result.status(), result::toString);
    String none = "Too many open files: EMFILE (24)";
    assertEquals(
        List.of(
            "connect: " + none,
            "accept: " + none,
            "wait: 7, DEADLINE",
            "wait: 7, DEADLINE",
            "wait: 7, DEADLINE",
            "wait: 7, DEADLINE",
            "wait: 7, DEADLINE",
            "wait: 7, DEADLINE",
            "waits: 6 cut",
            "accept: done"),
        result.out(),
        result::toString);
    assertEquals(List.of(), result.err());
  }
}
