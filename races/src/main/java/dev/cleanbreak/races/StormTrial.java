package dev.cleanbreak.races;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A first storm, whose end is the baseline, and a second one, after which no more may be held.
 *
 * @param warmUp the seconds of the first one
 * @param plan of the second one
 */
record StormTrial(int warmUp, StormPlan plan, Progress progress) {
  /** Is told once a second how a storm goes. */
  interface Progress {
    void tell(String storm, long seconds, StormLedger ledger);
  }

  StormFigures run() throws IOException, InterruptedException {
    StormLedger warm = storm(plan.withSeconds(warmUp), "warm-up");
    Footprint baseline = Footprint.settled();
    StormLedger ledger = storm(plan.withSeed(plan.seed() + 1), "storm");
    Footprint after = Footprint.settled(baseline);
    List<String> broken = new ArrayList<>(warm.broken());
    broken.addAll(ledger.broken());
    after.above(baseline).forEach(each -> broken.add("not back at the baseline: " + each));
    return new StormFigures(plan, ledger, baseline, after, broken);
  }

  private StormLedger storm(StormPlan each, String name) throws IOException, InterruptedException {
    long began = System.nanoTime();
    return new StormRun(each)
        .run(ledger ->
            progress.tell(name, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began), ledger));
  }
}
