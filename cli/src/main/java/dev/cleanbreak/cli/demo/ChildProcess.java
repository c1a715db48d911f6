package dev.cleanbreak.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A second JVM like this one: the same java, the same classes. It ends with this one, because its
 * standard input does.
 */
final class ChildProcess implements AutoCloseable {
  /** The module of the transport that may be there. */
  private static final String EPOLL = "dev.cleanbreak.epoll";

  private final String name;
  private final Process process;
  private final Path log;

  /**
   * Starts {@code main}.
   *
   * @param flags more of them for its JVM
   * @param folder where its log goes
   */
  ChildProcess(String name, Class<?> main, List<String> flags, Path folder) throws IOException {
    this.name = name;
    this.log = folder.resolve(name + ".log");
    this.process = new ProcessBuilder(command(main, flags)).redirectError(log.toFile()).start();
  }

  private static List<String> command(Class<?> main, List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // They live for seconds: start fast, stay small.
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(flags);
    Module module = main.getModule();
    String transport = module.isNamed() ? EPOLL : "ALL-UNNAMED";
    command.add("--enable-native-access=" + transport);
    if (module.isNamed()) {
      command.add("--module-path");
      command.add(System.getProperty("jdk.module.path"));
      command.add("--module");
      command.add(module.getName() + "/" + main.getName());
    } else {
      command.add("--class-path");
      command.add(System.getProperty("java.class.path"));
      command.add(main.getName());
    }
    return command;
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  InputStream output() {
    return process.getInputStream();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Says that the process did not do its part, with what it has printed. */
  IOException failed(String how) {
    String printed;
    try {
      printed = Files.readString(log).strip();
    } catch (IOException e) {
      printed = "its log cannot be read: " + e.getMessage();
    }
    return new IOException(
        "the " + name + " process " + how + (printed.isEmpty() ? "" : "; it printed: " + printed));
  }

  /** Ends the process. Idempotent. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
