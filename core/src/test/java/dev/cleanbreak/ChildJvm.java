package dev.cleanbreak;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands for a JVM of its own with a program of these tests. */
final class ChildJvm {
  private ChildJvm() {}

  /** The command for {@code main}, with core and these tests on its class path. */
  static List<String> command(List<String> options, Class<?> main) {
    List<String> program = new ArrayList<>(options);
    program.add("-cp");
    program.add(pathOf(CleanSocket.class) + File.pathSeparator + pathOf(ChildJvm.class));
    program.add(main.getName());
    return command(program);
  }

  /** The command of a JVM with {@code arguments}. */
  static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    return command;
  }

  /**
   * Where the classes are: tests may run with a module path, and then a class path says nothing.
   */
  static Path pathOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
