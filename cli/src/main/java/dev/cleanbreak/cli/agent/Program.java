package dev.cleanbreak.cli.agent;

import dev.cleanbreak.cli.Terminals;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/**
 * The program that {@code run} starts, with this process's standard input, output and error. A
 * signal that would end this process goes to the program instead, and the command ends when the
 * program has.
 */
final class Program {
  private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";

  private final Process process;

  private Program(Process process) {
    this.process = process;
  }

  /**
   * Starts a command with an agent in its JVM. Is it {@code java}, that one JVM has it; is it
   * anything else (a script, a build), all JVMs that it starts.
   *
   * @throws CannotStart if there is no such command, or it may not be run
   */
  static Program start(List<String> command, Path agent, String options) throws CannotStart {
    String javaAgent = "-javaagent:" + agent + "=" + options;
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    if (isJava(command.getFirst())) {
      List<String> words = new ArrayList<>(command);
      words.add(1, javaAgent);
      builder.command(words);
    } else {
      Map<String, String> environment = builder.environment();
      // In quotes, because the JVM splits the value at blanks.
      environment.merge(JAVA_OPTIONS, '"' + javaAgent + '"', (old, more) -> old + " " + more);
    }
    try {
      Program program = new Program(builder.start());
      program.takeSignals();
      return program;
    } catch (IOException e) {
      throw new CannotStart(command.getFirst(), e);
    }
  }

  static boolean isJava(String word) {
    return Path.of(word).endsWith("java") || Path.of(word).endsWith("java.exe");
  }

  /** Whether the program has ended, or does before the time is over. */
  boolean awaitFor(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Of the program that has ended; if by a signal, 128 and the signal. */
  int exitCode() {
    return process.exitValue();
  }

  private void takeSignals() {
    Signals.register("INT", this::interrupted);
    Signals.register("TERM", () -> signal("TERM"));
    Signals.register("HUP", () -> signal("HUP"));
  }

  /** At a terminal, the one that it gives to this process it gives to the program, too. */
  private void interrupted() {
    if (!Terminals.isInteractive()) {
      signal("INT");
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    } catch (IOException e) {
      process.destroy(); // there is no kill on Windows
    }
  }

  /** The command is not there (127), or may not be run (126), as shells have it. */
  static final class CannotStart extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean found;

    CannotStart(String command, IOException cause) {
      super("'%s' cannot be started: %s".formatted(command, reason(cause)), cause);
      this.found = command.contains(File.separator) && Files.exists(Path.of(command));
    }

    private static String reason(IOException cause) {
      Throwable root = cause.getCause() == null ? cause : cause.getCause();
      return String.valueOf(root.getMessage()).replaceFirst("^error=\\d+, ", "");
    }

    int exitCode() {
      return found ? 126 : 127;
    }
  }
}
