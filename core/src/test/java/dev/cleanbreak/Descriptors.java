package dev.cleanbreak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The descriptors of this process, where the system shows them. */
final class Descriptors {
  private static final Path FOLDER = Path.of("/proc/self/fd");

  private Descriptors() {}

  static boolean canBeCounted() {
    return Files.isDirectory(FOLDER);
  }

  static long count() {
    try (Stream<Path> open = Files.list(FOLDER)) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
