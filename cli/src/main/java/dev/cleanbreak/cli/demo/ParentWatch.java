package dev.cleanbreak.cli.demo;

import java.io.IOException;
import java.io.InputStream;

/** Ends a child process with the demo: its standard input ends when the demo does. */
final class ParentWatch {
  private static final int ORPHANED = 3;

  private ParentWatch() {}

  static void start(InputStream in) {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(() -> {
          try {
            while (in.read() >= 0) {
              // Whatever it says: it is alive.
            }
          } catch (IOException e) {
            // As good as the end.
          }
          Runtime.getRuntime().halt(ORPHANED);
        });
  }
}
