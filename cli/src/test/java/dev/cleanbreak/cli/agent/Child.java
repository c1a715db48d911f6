package dev.cleanbreak.cli.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of the tests' own: this command, or a program to be watched. Ends with the test. */
final class Child implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final BufferedReader out;
  private final PrintWriter in;
  private final List<String> printed = new ArrayList<>();

  private Child(List<String> command, Path folder) throws IOException {
    process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    out = new BufferedReader(new InputStreamReader(process.getInputStream()));
    in = new PrintWriter(process.getOutputStream(), true);
  }

  static Child cleanbreak(Path folder, String... arguments) throws IOException {
    List<String> command = java("dev.cleanbreak.cli.Main");
    command.addAll(List.of(arguments));
    return new Child(command, folder);
  }

  static Child troubled(Path folder, String... flags) throws IOException {
    List<String> command = java(Troubled.class.getName());
    command.addAll(1, List.of(flags));
    return new Child(command, folder);
  }

  /** The words that start a class of the tests. */
  static List<String> java(String main) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            main));
  }

  String pid() {
    return Long.toString(process.pid());
  }

  void say(String line) {
    in.println(line);
  }

  /** Reads until a line holds the words; returns that line. */
  String await(String words) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      printed.add(line);
      if (line.contains(words)) {
        return line;
      }
    }
    throw new AssertionError("'" + words + "' is not in " + printed);
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, pid()).start().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end; returns the exit code. */
  int end() throws IOException, InterruptedException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      printed.add(line);
    }
    assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), () -> "still runs: " + printed);
    return process.exitValue();
  }

  String printed() {
    return String.join("\n", printed);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
