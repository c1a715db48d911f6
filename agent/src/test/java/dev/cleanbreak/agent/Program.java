package dev.cleanbreak.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.Entry;
import dev.cleanbreak.report.JsonLinesReader;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of these tests in a JVM of its own, spoken to by lines. */
final class Program implements AutoCloseable {
  static final Path AGENT = Path.of(System.getProperty("agent.jar"));
  private static final Path CLASSES = Path.of("target", "test-classes").toAbsolutePath();
  private static final long MOST_SECONDS = 120;

  private final Process process;
  private final BufferedReader out;
  private final PrintWriter in;
  private final Path err;

  /** Starts {@code main} on that Java with those options of the JVM. */
  Program(int java, List<String> options, Class<?> main, String... arguments) throws IOException {
    this(java, options, CLASSES.toString(), main, arguments);
  }

  /** The same, with a jar on the class path. */
  static Program withClassPath(
      int java, List<String> options, Path jar, Class<?> main, String... arguments)
      throws IOException {
    return new Program(java, options, CLASSES + File.pathSeparator + jar, main, arguments);
  }

  private Program(
      int java, List<String> options, String classPath, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Jdk.java(java).toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    err = Files.createTempFile("err", ".txt");
    process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  static Path jarOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  static String agent(String options) {
    return "-javaagent:" + AGENT + (options.isEmpty() ? "" : "=" + options);
  }

  /** All entries of a recording, which has to be without fault. */
  static List<Entry> entries(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    JsonLinesReader.read(
        new StringReader(Files.readString(file)),
        entries::add,
        problem -> {
          throw new AssertionError(file + ": " + problem);
        });
    return entries;
  }

  static List<CutRecord> cuts(Path file) throws IOException {
    List<CutRecord> cuts = new ArrayList<>();
    for (Entry entry : entries(file)) {
      if (entry instanceof CutRecord cut) {
        cuts.add(cut);
      }
    }
    return cuts;
  }

  void attach(String options) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
    try {
      machine.loadAgent(AGENT.toString(), options);
    } finally {
      machine.detach();
    }
  }

  /** Gives the program its next line. */
  void go() {
    in.println("go");
  }

  /** The lines up to that one, without it. */
  List<String> linesUntil(String last) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = out.readLine(); !last.equals(line); line = out.readLine()) {
      if (line == null) {
        throw new AssertionError("the program ended after " + lines + "; it said: " + errors());
      }
      lines.add(line);
    }
    return lines;
  }

  String errors() throws IOException {
    return Files.readString(err);
  }

  /** Waits for its end; its status. */
  int end() throws Exception {
    in.println("end");
    in.close();
    assertTrue(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS), "the program hangs");
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(err);
  }
}
