package dev.cleanbreak.races.oracle;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What became of the cells. Thread-safe. */
final class Results {
  private static final int NAMED = 1000;

  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final List<BrokenCell> named = new CopyOnWriteArrayList<>();
  private final LongAdder broken = new LongAdder();
  private final Map<String, Long> skipped = new TreeMap<>();
  private long listed;

  /**
   * @param cell which
   * @param how what was seen
   */
  record BrokenCell(Cell cell, Broken how) {}

  Results() {
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  /** Counts a cell of the full list, whether or not it will be run. */
  synchronized void list(Cell cell) {
    listed++;
    String why = cell.skipped();
    if (why != null) {
      skipped.merge(cell.layer().id() + ": " + why, 1L, Long::sum);
    }
  }

  void held(Cell cell, Outcome outcome) {
    counter(outcome).increment();
  }

  void broke(Cell cell, Broken how) {
    broken.increment();
    if (named.size() < NAMED) {
      named.add(new BrokenCell(cell, how));
    }
  }

  private LongAdder counter(Outcome outcome) {
    return java.util.Objects.requireNonNull(outcomes.get(outcome));
  }

  synchronized long listed() {
    return listed;
  }

  long held(Outcome outcome) {
    return counter(outcome).sum();
  }

  long broken() {
    return broken.sum();
  }

  long run() {
    return broken() + outcomes.values().stream().mapToLong(LongAdder::sum).sum();
  }

  synchronized long skipped() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many cells were skipped, by layer and reason. */
  synchronized Map<String, Long> skippedBecause() {
    return new TreeMap<>(skipped);
  }

  /** The broken cells, up to a number that can be read. */
  List<BrokenCell> brokenCells() {
    return List.copyOf(named);
  }
}
