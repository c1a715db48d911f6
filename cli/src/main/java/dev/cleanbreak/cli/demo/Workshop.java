package dev.cleanbreak.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run leaves nothing of: its processes and its temporary folder. Closed at the end of the
 * run, and by Ctrl-C. Guarded by its monitor.
 */
final class Workshop implements AutoCloseable {
  static final String FOLDER_PREFIX = "cleanbreak-demo-";

  private final Path folder;
  private final Deque<ChildProcess> processes = new ArrayDeque<>();
  private final Thread hook = new Thread(this::clear, "demo-shutdown");
  private boolean closed;

  Workshop() throws IOException {
    folder = Files.createTempDirectory(FOLDER_PREFIX + ProcessHandle.current().pid() + "-");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  Path folder() {
    return folder;
  }

  /** Starts a process that ends with the workshop; its JVM gets the flags. */
  synchronized ChildProcess start(String name, Class<?> main, List<String> flags)
      throws IOException {
    if (closed) {
      throw new IOException("the demo is being shut down");
    }
    ChildProcess child = new ChildProcess(name, main, flags, folder);
    processes.push(child);
    return child;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running.
    }
    clear();
  }

  private synchronized void clear() {
    closed = true;
    processes.forEach(ChildProcess::close);
    processes.clear();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path each : files.toList()) {
        Files.deleteIfExists(each);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      System.err.println("cleanbreak demo: left behind: " + folder + " (" + e.getMessage() + ")");
    }
  }
}
