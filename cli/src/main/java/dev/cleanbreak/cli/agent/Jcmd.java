package dev.cleanbreak.cli.agent;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JDK's command for commands to a JVM. */
final class Jcmd {
  private final long pid;

  Jcmd(long pid) {
    this.pid = pid;
  }

  /**
   * Runs a command in the JVM.
   *
   * @return what it printed
   * @throws IOException if it failed; the message is what it printed
   */
  String run(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
    try {
      if (process.waitFor() != 0) {
        throw new IOException(printed.strip().replaceAll("\\s*\\R\\s*", "; "));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return printed;
  }
}
