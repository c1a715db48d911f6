package dev.cleanbreak.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many system calls a round trip takes. The kernel counts them, for {@code perf stat}; that
 * slows each of them down, so it is done in a turn of its own after those that are measured.
 */
final class SystemCalls {
  private static final String EVENT = "raw_syscalls:sys_enter";
  private static final String CONTROL = "control";
  private static final String ACK = "ack";
  private static final String COUNTS = "counts";
  private static final String ANSWER = "ack\n\0";
  private static final long HANG_SECONDS = 10;

  private SystemCalls() {}

  /** For each of {@code variants}; empty where they cannot be counted. */
  static Map<String, Double> forRoundTrip(
      List<? extends Variant> variants, Plan plan, Progress progress) throws Exception {
    Map<String, Double> found = new LinkedHashMap<>();
    if (!canCount()) {
      progress.say("system calls: perf cannot count them here");
      return found;
    }
    progress.say("counts system calls");
    for (Variant variant : variants) {
      Path folder = Files.createTempDirectory("cleanbreak-perf");
      try {
        found.put(variant.name(), count(variant, plan, folder));
      } finally {
        for (String name : List.of(CONTROL, ACK, COUNTS)) {
          Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
      }
    }
    return found;
  }

  private static boolean canCount() throws IOException, InterruptedException {
    try {
      return run("perf", "stat", "-e", EVENT, "true") == 0;
    } catch (IOException _) {
      return false; // no such program
    }
  }

  private static double count(Variant variant, Plan plan, Path folder) throws Exception {
    Path control = folder.resolve(CONTROL);
    Path ack = folder.resolve(ACK);
    Path counts = folder.resolve(COUNTS);
    run("mkfifo", control.toString(), ack.toString());
    // Counts when it is told to (--delay -1), the threads that will be started, too.
    Process perf =
        new ProcessBuilder(
                "perf",
                "stat",
                "-x",
                ",",
                "--delay",
                "-1",
                "-e",
                EVENT,
                "-p",
                Long.toString(variant.pid()),
                "--control",
                "fifo:" + control + "," + ack,
                "-o",
                counts.toString())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    double roundTrips;
    // Open for both, so that it waits for nobody to open the other end.
    try (RandomAccessFile commands = new RandomAccessFile(control.toFile(), "rw");
        RandomAccessFile answers = new RandomAccessFile(ack.toFile(), "rw")) {
      tell("enable", commands, answers);
      roundTrips = variant.round(plan.slice())[RoundTrips.COUNT];
      tell("disable", commands, answers);
    } finally {
      // It writes its counts at an interrupt only.
      run("kill", "-INT", Long.toString(perf.pid()));
      if (!perf.waitFor(HANG_SECONDS, TimeUnit.SECONDS)) {
        perf.destroyForcibly();
      }
    }
    return counted(Files.readAllLines(counts)) / roundTrips;
  }

  private static void tell(String command, RandomAccessFile commands, RandomAccessFile answers)
      throws IOException {
    commands.write((command + "\n").getBytes(StandardCharsets.US_ASCII));
    byte[] answer = new byte[ANSWER.length()];
    answers.readFully(answer);
    if (!new String(answer, StandardCharsets.US_ASCII).equals(ANSWER)) {
      throw new IOException("perf does not understand " + command);
    }
  }

  private static double counted(List<String> lines) throws IOException {
    for (String line : lines) {
      if (line.contains(EVENT)) {
        return Double.parseDouble(line.substring(0, line.indexOf(',')));
      }
    }
    throw new IOException("perf has counted nothing: " + lines);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    return process.waitFor();
  }
}
