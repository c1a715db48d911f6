package dev.cleanbreak;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The sockets, selectors and event descriptors that this process has opened since a baseline. */
final class OpenedDescriptors {
  private static final Path OPEN = Path.of("/proc/self/fd");

  private final Set<String> before = now();

  /** Skips the test where the system does not list them. */
  static OpenedDescriptors baseline() throws IOException {
    assumeTrue(Files.isDirectory(OPEN), "no " + OPEN + " here");
    return new OpenedDescriptors();
  }

  /** Null where the system does not list them, for tests with more to say. */
  static OpenedDescriptors baselineOrNull() throws IOException {
    return Files.isDirectory(OPEN) ? new OpenedDescriptors() : null;
  }

  private OpenedDescriptors() throws IOException {}

  int opened() throws IOException {
    Set<String> added = now();
    added.removeAll(before);
    return added.size();
  }

  private static Set<String> now() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> all = Files.list(OPEN)) {
      for (Path each : all.toList()) {
        try {
          String what = Files.readSymbolicLink(each).toString();
          if (what.startsWith("socket:") || what.startsWith("anon_inode:")) {
            found.add(each.getFileName() + " " + what);
          }
        } catch (IOException gone) {
          // Closed since the listing; the listing's own descriptor always is.
        }
      }
    }
    return found;
  }
}
