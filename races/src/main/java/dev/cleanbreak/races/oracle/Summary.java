package dev.cleanbreak.races.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a run.
 *
 * @param listed the cells of the full list, of the layers and kinds of threads that were asked for
 * @param run those that were run
 * @param outcomes those that held, by how they ended
 * @param broken those that did not
 * @param brokenCells the broken ones: which, and how
 * @param skippedBecause the cells that are never run, by layer and reason
 */
public record Summary(
    long listed,
    long run,
    Map<String, Long> outcomes,
    long broken,
    List<String> brokenCells,
    Map<String, Long> skippedBecause) {

  static Summary of(Results results, OracleRun.Selection selection) {
    Map<String, Long> outcomes = new TreeMap<>();
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome.id(), results.held(outcome));
    }
    List<String> broken = new ArrayList<>();
    for (Results.BrokenCell each : results.brokenCells()) {
      broken.add(each.cell().id() + ": " + each.how().getMessage());
    }
    return new Summary(
        results.listed(),
        results.run(),
        outcomes,
        results.broken(),
        broken,
        results.skippedBecause());
  }

  /** The cells that are never run. */
  public long skipped() {
    return skippedBecause.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The cells that could be run and are not in the sample. */
  public long notDrawn() {
    return listed - skipped() - run;
  }
}
