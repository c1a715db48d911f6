package dev.cleanbreak.report;

import dev.cleanbreak.report.Tree.ReadException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON lines, of this version or an older one. Members and types of lines that it does not
 * know are passed over. A line that is none, such as the last one of a process that was killed, is
 * told and passed over.
 */
public final class JsonLinesReader {
  private JsonLinesReader() {}

  /**
   * Reads to the end of {@code in}.
   *
   * @param in the lines; not closed
   * @param entries gets each entry
   * @param problems gets, for each line that cannot be read, its number and what is wrong with it
   * @throws IOException if {@code in} throws it
   */
  public static void read(Reader in, Consumer<Entry> entries, Consumer<String> problems)
      throws IOException {
    BufferedReader lines =
        in instanceof BufferedReader buffered ? buffered : new BufferedReader(in);
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        Entry entry = entry(Tree.of(line));
        if (entry != null) {
          entries.accept(entry);
        }
      } catch (ReadException e) {
        problems.accept("line " + number + ": " + e.getMessage());
      }
    }
  }

  /** The entry of a line; null if it is of a type that this version does not know. */
  private static @Nullable Entry entry(Tree line) throws ReadException {
    String type = line.string("type");
    long version = line.number("v");
    if (version > JsonLinesWriter.VERSION) {
      throw new ReadException(
          "version " + version + ", this reader knows up to " + JsonLinesWriter.VERSION);
    }
    return switch (type) {
      case "cut" -> cut(line);
      case "jvm" -> jvm(line);
      case "dropped" -> new DroppedRecord(time(line), line.number("count"), line.string("why"));
      default -> null;
    };
  }

  private static JvmRecord jvm(Tree line) throws ReadException {
    Tree coverage = line.tree("coverage");
    return new JvmRecord(
        time(line),
        line.number("pid"),
        line.string("main"),
        line.string("java"),
        line.string("host"),
        line.string("agent"),
        coverage.list("found", String.class),
        coverage.list("missing", String.class));
  }

  private static CutRecord cut(Tree line) throws ReadException {
    List<Act> chain = new ArrayList<>();
    for (Tree act : line.list("chain", Tree.class)) {
      chain.add(act(act));
    }
    return new CutRecord(
        line.number("id"),
        time(line),
        Named.of(Verdict.class, line.string("verdict"), Verdict.UNKNOWN),
        Named.of(Certainty.class, line.string("certainty"), Certainty.POSSIBLE),
        line.truth("expected"),
        line.list("evidence", String.class),
        line.string("sentence"),
        victim(line.tree("victim")),
        chain);
  }

  private static Victim victim(Tree victim) throws ReadException {
    return new Victim(
        thread(victim.tree("thread")),
        Named.of(Operation.class, victim.string("operation"), Operation.CALL),
        victim.stringOrNull("local"),
        victim.stringOrNull("remote"),
        victim.stringOrNull("exception"),
        victim.stringOrNull("message"),
        victim.list("stack", String.class),
        victim.numberOrNull("blockedNanos"));
  }

  private static Act act(Tree act) throws ReadException {
    return new Act(
        Named.of(ActKind.class, act.string("act"), ActKind.CLOSE),
        thread(act.tree("thread")),
        act.number("beforeNanos"),
        act.list("stack", String.class),
        code(act.treeOrNull("code")),
        code(act.treeOrNull("origin")));
  }

  private static ThreadInfo thread(Tree thread) throws ReadException {
    return new ThreadInfo(thread.string("name"), thread.number("id"), thread.truth("virtual"));
  }

  private static @Nullable Code code(@Nullable Tree code) throws ReadException {
    if (code == null) {
      return null;
    }
    return new Code(
        code.string("class"),
        code.string("method"),
        code.stringOrNull("file"),
        (int) code.number("line"),
        code.stringOrNull("jar"),
        code.list("coordinates", String.class),
        Named.of(Told.class, code.string("told"), Told.UNKNOWN),
        code.stringOrNull("version"));
  }

  private static Instant time(Tree line) throws ReadException {
    String time = line.string("time");
    try {
      return Instant.parse(time);
    } catch (DateTimeException e) {
      throw new ReadException("\"time\" is no time: " + time);
    }
  }
}
