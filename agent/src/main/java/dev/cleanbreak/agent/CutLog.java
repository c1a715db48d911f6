package dev.cleanbreak.agent;

import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.JvmRecord;

/** A line for each cut that is no part of an orderly end, where the user wants one. */
final class CutLog {
  private final Options.Log where;
  private boolean failed;

  CutLog(Options.Log where) {
    this.where = where;
  }

  void started(JvmRecord jvm) {
    String missing =
        jvm.missing().isEmpty() ? "none missing" : "missing " + String.join(", ", jvm.missing());
    // The program's logging is not to be woken before the program.
    if (where == Options.Log.STDERR) {
      System.err.println(
          "cleanbreak: agent " + jvm.agent() + ", probes: " + jvm.found().size() + ", " + missing);
    }
  }

  void cut(CutRecord cut) {
    if (where == Options.Log.OFF || cut.expected()) {
      return;
    }
    String line =
        cut.victim().operation().id()
            + " of thread \""
            + cut.victim().thread().name()
            + "\" "
            + cut.sentence()
            + " ["
            + cut.verdict().id()
            + ", "
            + cut.certainty().id()
            + "]";
    if (where == Options.Log.STDERR) {
      System.err.println("cleanbreak: " + line);
    } else {
      System.getLogger("dev.cleanbreak.agent").log(System.Logger.Level.WARNING, line);
    }
  }

  /** Once: what fails once in telling fails always. */
  void failed(Throwable failure) {
    if (!failed) {
      failed = true;
      System.err.println("cleanbreak: cuts are not told any more: " + failure);
    }
  }
}
