package dev.cleanbreak.cli.demo;

import dev.cleanbreak.CutKind;
import java.util.ArrayList;
import java.util.List;

/** Whether a row keeps the contract, judged by what was observed and nothing else. */
final class Verdict {
  private Verdict() {}

  /** What of the contract {@code row} breaks, in words; empty if it keeps it. */
  static List<String> violations(Row row) {
    List<String> found = new ArrayList<>();
    Way way = row.cell().way();
    if (row.hung()) {
      found.add("the call still hung at the limit");
    }
    if (!row.cutterReturned()) {
      found.add("whoever cut the call hung as well");
    }
    if (!row.alive() && !way.closes()) {
      found.add("the connection did not take the rest of the job");
    }
    if (!row.finished()) {
      found.add("the job could not be finished");
    }
    ledger(row, found);
    exception(row, way, found);
    return found;
  }

  private static void ledger(Row row, List<String> found) {
    if (row.lost() != 0) {
      found.add(row.lost() + " bytes that were accepted never arrived");
    }
    if (row.doubled() != 0) {
      found.add(row.doubled() + " bytes arrived twice");
    }
    if (row.foreign() != 0) {
      found.add(row.foreign() + " bytes arrived that are not of the job");
    }
  }

  private static void exception(Row row, Way way, List<String> found) {
    if (row.exception() == null) {
      found.add("the cut call threw nothing");
      return;
    }
    String kind = Label.of(way.cutKind);
    if (!kind.equals(row.cutKind())) {
      found.add("the exception says kind " + row.cutKind() + ", not " + kind);
    }
    // An interrupter may be named, where the transport can see it.
    boolean named = row.who() == Who.NAMED && (way.who == Who.NAMED || way.who == Who.UNSEEN);
    if (named && !way.culprit.equals(row.culprit())) {
      found.add("it blames " + row.culprit() + ", and " + way.culprit + " did it");
    }
    if (!named && row.who() != way.who) {
      found.add("of who did it it says: " + Label.of(row.who()) + ", not " + Label.of(way.who));
    }
    if (way.cutKind == CutKind.INTERRUPTED && !row.interruptKept()) {
      found.add("the interrupt status was lost");
    }
  }
}
