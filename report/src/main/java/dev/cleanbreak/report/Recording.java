package dev.cleanbreak.report;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one JVM left in a file.
 *
 * @param source the file's name
 * @param jvm the JVM, null if the file does not tell
 * @param cuts the cuts, in the file's order
 * @param dropped the cuts that were counted only
 * @param problems what could not be read, a sentence each
 */
public record Recording(
    String source,
    @Nullable JvmRecord jvm,
    List<CutRecord> cuts,
    List<DroppedRecord> dropped,
    List<String> problems) {
  private static final byte[] FLIGHT_RECORDER = {'F', 'L', 'R', 0};

  public Recording {
    cuts = List.copyOf(cuts);
    dropped = List.copyOf(dropped);
    problems = List.copyOf(problems);
  }

  /**
   * Reads a file of JSON lines or of Flight Recorder. What is cut off or damaged is told as a
   * problem, and the rest is read.
   *
   * @param file the file
   * @return one for each JVM whose lines are in the file; at least one
   * @throws ForeignFileException if the file is no recording
   * @throws IOException if the file cannot be read
   */
  public static List<Recording> read(Path file) throws IOException {
    Path name = file.getFileName();
    String source = name == null ? file.toString() : name.toString();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(FLIGHT_RECORDER.length);
      byte[] head = in.readNBytes(FLIGHT_RECORDER.length);
      in.reset();
      return Arrays.equals(head, FLIGHT_RECORDER)
          ? List.of(FlightRecording.read(file, source))
          : lines(in, source);
    }
  }

  private static List<Recording> lines(InputStream in, String source) throws IOException {
    Builder builder = new Builder(source);
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    JsonLinesReader.read(reader, builder::add, builder.problems::add);
    return builder.finish();
  }

  /** Lines as they come; a JVM's line begins a new recording. Not thread-safe. */
  private static final class Builder {
    private final String source;
    private final List<Recording> finished = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<CutRecord> cuts = new ArrayList<>();
    private final List<DroppedRecord> dropped = new ArrayList<>();
    private @Nullable JvmRecord jvm;

    Builder(String source) {
      this.source = source;
    }

    void add(Entry entry) {
      if (entry instanceof CutRecord cut) {
        cuts.add(cut);
      } else if (entry instanceof DroppedRecord some) {
        dropped.add(some);
      } else if (entry instanceof JvmRecord next) {
        if (!isEmpty()) {
          take();
        }
        jvm = next;
      }
    }

    private boolean isEmpty() {
      return jvm == null && cuts.isEmpty() && dropped.isEmpty();
    }

    private void take() {
      finished.add(new Recording(source, jvm, cuts, dropped, problems));
      cuts.clear();
      dropped.clear();
      problems.clear();
    }

    List<Recording> finish() throws ForeignFileException {
      if (!isEmpty()) {
        take();
      }
      if (finished.isEmpty()) {
        throw new ForeignFileException(problems.isEmpty() ? "it is empty" : problems.get(0));
      }
      return finished;
    }
  }
}
