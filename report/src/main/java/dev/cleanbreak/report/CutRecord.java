package dev.cleanbreak.report;

import java.time.Instant;
import java.util.List;

/**
 * A call that was cut, and everything known of it.
 *
 * @param id the number of the cut in its JVM; later ones are greater, some are left out
 * @param time when the call ended
 * @param verdict what kind of thing ended it
 * @param certainty how sure that is
 * @param expected whether it is part of an orderly end, and so no trouble
 * @param evidence what the verdict rests on, a sentence each
 * @param sentence all of it in one sentence, as the exception carries it
 * @param victim the call
 * @param chain what ended it, oldest first; empty if nobody in this JVM did
 */
public record CutRecord(
    long id,
    Instant time,
    Verdict verdict,
    Certainty certainty,
    boolean expected,
    List<String> evidence,
    String sentence,
    Victim victim,
    List<Act> chain)
    implements Entry {
  public CutRecord {
    evidence = List.copyOf(evidence);
    chain = List.copyOf(chain);
  }
}
