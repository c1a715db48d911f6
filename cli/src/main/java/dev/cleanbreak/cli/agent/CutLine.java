package dev.cleanbreak.cli.agent;

import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.Victim;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A cut in one line of text. */
final class CutLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private CutLine() {}

  /** {@code 16:32:01.123 callback of a timer, certain: read of "worker-3" to db:5432, cut by …}. */
  static String of(CutRecord cut) {
    return head(cut) + ": " + call(cut.victim()) + ", " + oneLine(cut.sentence());
  }

  /** The time and the verdict. */
  static String head(CutRecord cut) {
    return TIME.format(cut.time())
        + " "
        + cut.verdict().text()
        + (cut.expected() ? " (orderly)" : ", " + cut.certainty().name().toLowerCase(Locale.ROOT));
  }

  /** Whose call. */
  static String call(Victim victim) {
    String remote = victim.remote() == null ? "" : " with " + victim.remote();
    return victim.operation().id() + " of \"" + oneLine(victim.thread().name()) + "\"" + remote;
  }

  /**
   * What others have named may hold anything: no line of it begins a new one, or moves the cursor.
   */
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
