package dev.cleanbreak.cli.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.stream.Stream;

/** A folder for one watch, that only the watched process's user may look into. */
final class WatchFolder implements AutoCloseable {
  private final Path folder;

  /** Made for the process: if this user is root, it is made the process's. */
  WatchFolder(long pid) throws IOException {
    folder = Files.createTempDirectory("cleanbreak-watch");
    Files.createFile(recording());
    Path process = Path.of("/proc/" + pid);
    if (Files.exists(process)
        && Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null
        && !Files.getOwner(folder).equals(Files.getOwner(process))) {
      Files.setOwner(recording(), Files.getOwner(process));
      Files.setOwner(folder, Files.getOwner(process));
    }
  }

  /** Where the agent writes; there from the beginning. */
  Path recording() {
    return folder.resolve("cuts.jsonl");
  }

  /** Where the agent says why it is not in. */
  Path failure() {
    return folder.resolve("failure");
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
