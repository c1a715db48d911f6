package dev.cleanbreak.drivers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a client that was closed must not leave behind in this process. */
final class Leftovers {
  private static final Path FOLDER = Path.of("/proc/self/fd");

  private Leftovers() {}

  /** The sockets of this process, the servers' among them; none where the system hides them. */
  static long sockets() throws IOException {
    if (!Files.isDirectory(FOLDER)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(FOLDER)) {
      return open.filter(Leftovers::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // Closed since it was listed.
    }
  }

  /** The platform threads that are inside a call of ours, or inside the LDAP provider. */
  static List<String> threadsInCalls() {
    List<String> found = new ArrayList<>();
    Thread.getAllStackTraces()
        .forEach((thread, stack) -> {
          if (Arrays.stream(stack).anyMatch(Leftovers::isInCall)) {
            found.add(thread.getName());
          }
        });
    return found;
  }

  private static boolean isInCall(StackTraceElement frame) {
    return frame.getClassName().startsWith("dev.cleanbreak.Clean")
        || frame.getClassName().startsWith("com.sun.jndi.ldap.Connection");
  }
}
