package dev.cleanbreak.cli.agent;

import com.sun.tools.attach.VirtualMachine;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * A JVM of this user that runs now.
 *
 * @param main its main class or jar, without its folder and its arguments; may be empty
 */
record RunningJvm(long pid, String main) {
  /** All but this one, by their pid. */
  static List<RunningJvm> all() {
    long self = ProcessHandle.current().pid();
    return VirtualMachine.list().stream()
        .map(jvm -> new RunningJvm(Long.parseLong(jvm.id()), nameIn(jvm.displayName())))
        .filter(jvm -> jvm.pid != self)
        .sorted(Comparator.comparingLong(RunningJvm::pid))
        .toList();
  }

  private static String nameIn(String commandLine) {
    String first = commandLine.strip().split("\\s+", 2)[0];
    Path file = first.endsWith(".jar") ? Path.of(first).getFileName() : null;
    return file == null ? first : file.toString();
  }

  /** As a list shows it. */
  String line() {
    return String.format("%7d  %s", pid, main.isEmpty() ? "(no name)" : main);
  }
}
