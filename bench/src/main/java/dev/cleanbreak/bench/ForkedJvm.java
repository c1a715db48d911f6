package dev.cleanbreak.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class in a JVM like this one and collects what it prints. */
record ForkedJvm(Class<?> main, List<String> jvmArguments) {
  List<String> run(List<String> arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> printed = lines.lines().toList();
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(
            main.getSimpleName() + " " + String.join(" ", arguments) + " ended with " + status);
      }
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Starts it; its input and output are the caller's. */
  Process start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What the native libraries of the peers ask for on this JDK, so that none of them warns.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
  }
}
