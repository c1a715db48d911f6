package dev.cleanbreak.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the machine can do without a JVM: the same ping-pong in another language, compiled here and
 * run in a process of its own. It is there only where its compiler is.
 *
 * @param compiler with its options, but for the program's name and the source's
 * @param more one more argument for the program; empty for none
 */
record NativeEcho(String name, String source, String compiler, String more) implements EchoVariant {
  private static final String CC = "cc -O2 -pthread -o";

  private static final List<NativeEcho> ALL =
      List.of(
          new NativeEcho("C, blocking recv and send", "echo.c", CC, "block"),
          new NativeEcho("C, ppoll with an eventfd, recv and send", "echo.c", CC, "ppoll"),
          new NativeEcho("Go, net with a deadline for each call", "echo.go", "go build -o", ""));

  /** Those whose compiler is here. */
  static List<NativeEcho> here() {
    return ALL.stream()
        .filter(each ->
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, each.words()[0]))))
        .toList();
  }

  private String[] words() {
    return compiler.split(" ", -1);
  }

  @Override
  public Variant open(EchoLoad load) throws IOException {
    return new Program(name, compile(), load, more);
  }

  private Path compile() throws IOException {
    Path folder = Files.createTempDirectory("cleanbreak-bench");
    Path text = folder.resolve(source);
    Path program = folder.resolve("echo");
    try (InputStream in =
        Objects.requireNonNull(NativeEcho.class.getResourceAsStream(source), source)) {
      Files.copy(in, text);
    }
    List<String> command =
        Stream.concat(Stream.of(words()), Stream.of(program.toString(), text.toString())).toList();
    Process compiling =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start();
    try {
      if (compiling.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed");
      }
    } catch (InterruptedException e) {
      compiling.destroy();
      throw new IOException("interrupted while " + source + " was compiled", e);
    }
    return program;
  }

  /** A running program. */
  private static final class Program implements Variant {
    private final String name;
    private final Path file;
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;

    Program(String name, Path file, EchoLoad load, String more) throws IOException {
      this.name = name;
      this.file = file;
      this.process =
          new ProcessBuilder(
                  file.toString(),
                  Integer.toString(load.connections()),
                  Integer.toString(load.bytes()),
                  more)
              .redirectError(Redirect.INHERIT)
              .start();
      this.commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.US_ASCII);
      this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public double[] round(Duration slice) throws IOException {
      commands.println(slice.toMillis());
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException(name + " has ended");
      }
      String[] words = answer.split(" ", -1);
      return RoundTrips.figures(
          Long.parseLong(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]), 0);
    }

    @Override
    public void close() throws IOException {
      process.destroy();
      try (Stream<Path> files = Files.list(file.getParent())) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(file.getParent());
    }
  }
}
