package dev.cleanbreak.epoll;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What a program inherits that some native library of this process starts. */
final class Inheritance {
  private Inheritance() {}

  /** The sockets and other descriptors without a file, each by its number and what it is. */
  @SuppressWarnings("restricted")
  static Set<String> now() throws IOException {
    Path list = Files.createTempFile("inherited", ".txt");
    Linker linker = Linker.nativeLinker();
    // system(3) closes nothing in its child; ProcessBuilder closes whatever it finds.
    try (Arena arena = Arena.ofConfined()) {
      int status =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("system"),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                  .invokeExact(arena.allocateFrom("ls -l /proc/$$/fd > " + list));
      if (status != 0) {
        throw new AssertionError("ls ended with " + status);
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    Set<String> found = new TreeSet<>();
    for (String line : Files.readAllLines(list)) {
      if (line.contains("-> socket:") || line.contains("-> anon_inode:")) {
        found.add(line.replaceFirst(".* ([0-9]+ -> )", "$1"));
      }
    }
    Files.delete(list);
    return found;
  }
}
