package dev.cleanbreak.cli.agent;

import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.Entry;
import dev.cleanbreak.report.JsonLinesReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files that agents write now: one, or with {@code %p} in its name, where the process id will
 * be, any number of them. Not thread-safe.
 */
final class Recorded implements Closeable {
  private static final String PID = "%p";

  private final Path pattern;
  private final Map<Path, Source> sources = new LinkedHashMap<>();
  private final Tally tally = new Tally();

  /** Files that stood there before are not these. */
  private final List<Path> before;

  Recorded(Path pattern) throws IOException {
    this.pattern = pattern.toAbsolutePath();
    this.before = hasPid() ? matching() : List.of();
  }

  private boolean hasPid() {
    return name().contains(PID);
  }

  private String name() {
    return String.valueOf(pattern.getFileName());
  }

  private List<Path> matching() throws IOException {
    if (!hasPid()) {
      return Files.exists(pattern) ? List.of(pattern) : List.of();
    }
    String name = name();
    String head = name.substring(0, name.indexOf(PID));
    String tail = name.substring(name.indexOf(PID) + PID.length());
    try (Stream<Path> files = Files.list(pattern.getParent())) {
      return files
          .filter(file -> isBetween(String.valueOf(file.getFileName()), head, tail))
          .sorted()
          .toList();
    }
  }

  private static boolean isBetween(String name, String head, String tail) {
    return name.startsWith(head)
        && name.endsWith(tail)
        && name.substring(head.length(), Math.max(head.length(), name.length() - tail.length()))
            .matches("\\d+");
  }

  /**
   * Reads what has come since the last call.
   *
   * @param lines gets each line that is a cut, as it stands in the file, with the cut
   */
  void more(Consumer<Line> lines) throws IOException {
    for (Path file : matching()) {
      if (!sources.containsKey(file) && !before.contains(file)) {
        sources.put(file, new Source(new Follower(file), new Tally()));
      }
    }
    for (Source source : sources.values()) {
      for (String line : source.follower.more()) {
        JsonLinesReader.read(
            new StringReader(line),
            entry -> take(entry, source, line, lines),
            problem -> {
              // Of a later agent; the report of the file will tell.
            });
      }
    }
  }

  private void take(Entry entry, Source source, String line, Consumer<Line> lines) {
    tally.add(entry);
    source.tally.add(entry);
    if (entry instanceof CutRecord cut) {
      lines.accept(new Line(line, cut));
    }
  }

  private record Source(Follower follower, Tally tally) {}

  /** A line of a file, and what it says. */
  record Line(String text, CutRecord cut) {}

  /** All that has been read. */
  Tally tally() {
    return tally;
  }

  /** The files that tell of cuts, or those that tell of none. */
  List<Path> files(boolean ofCuts) {
    return sources.entrySet().stream()
        .filter(each -> each.getValue().tally.isEmpty() != ofCuts)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether an agent has written anything. */
  boolean isBegun() {
    return tally.jvms() > 0;
  }

  @Override
  public void close() throws IOException {
    for (Source source : sources.values()) {
      source.follower.close();
    }
  }
}
