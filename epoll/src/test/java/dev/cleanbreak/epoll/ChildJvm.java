package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CleanSocket;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of these tests, each in a JVM of its own. */
final class ChildJvm {
  static final Path CORE = pathOf(CleanSocket.class);
  static final Path EPOLL = pathOf(EpollTransport.class);
  static final Path TESTS = pathOf(ChildJvm.class);

  /** Against programs that hang. */
  private static final long MOST_SECONDS = 60;

  private ChildJvm() {}

  /** What a program has printed, and how it ended. */
  record Result(int status, List<String> out, List<String> err) {
    long errorsWith(String part) {
      return err.stream().filter(line -> line.contains(part)).count();
    }
  }

  /** The command for {@code main} with everything on the class path. */
  static List<String> onClassPath(List<String> options, Class<?> main, String... arguments) {
    List<String> command = java(options);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, "" + CORE, "" + EPOLL, "" + TESTS));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** The command for {@code main} as a part of the module. */
  static List<String> onModulePath(List<String> options, Class<?> main, String... arguments) {
    List<String> command = java(options);
    String module = "dev.cleanbreak.epoll";
    command.addAll(
        List.of(
            "--module-path",
            CORE + File.pathSeparator + EPOLL,
            "--patch-module",
            module + "=" + TESTS,
            "--module",
            module + "/" + main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> java(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // They live for a second: start fast, stay small.
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(options);
    return command;
  }

  /** Runs {@code command} to its end. */
  static Result run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    Process program =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(program.waitFor(MOST_SECONDS, TimeUnit.SECONDS), "the program hangs");
      return new Result(program.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    } finally {
      program.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static Path pathOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
