package dev.cleanbreak;

import dev.cleanbreak.spi.Transport;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Commands for a JVM of its own with a program of these tests. */
final class ChildJvm {
  private ChildJvm() {}

  /**
   * The command for {@code main}, with core and these tests on its class path, and on the transport
   * of this JVM.
   */
  static List<String> command(List<String> options, Class<?> main) {
    Transport transport = Transports.standard();
    Set<String> path = new LinkedHashSet<>();
    for (Class<?> each : List.of(CleanSocket.class, ChildJvm.class, transport.getClass())) {
      path.add(pathOf(each).toString());
    }
    List<String> program = new ArrayList<>(options);
    program.add("-Ddev.cleanbreak.transport=" + transport.name());
    program.add("--enable-native-access=ALL-UNNAMED");
    program.add("-cp");
    program.add(String.join(File.pathSeparator, path));
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
