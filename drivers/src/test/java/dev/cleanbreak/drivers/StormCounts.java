package dev.cleanbreak.drivers;

import java.sql.Connection;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a storm has seen so far. */
public final class StormCounts {
  final LongAdder statements = new LongAdder();
  final LongAdder cut = new LongAdder();
  final LongAdder saidTrue = new LongAdder();
  final LongAdder saidFalse = new LongAdder();
  final LongAdder cancelled = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder broken = new LongAdder();
  final LongAdder stale = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final Set<Connection> seen =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** A connection of the driver was handed out by the pool. */
  void borrowed(Connection physical) {
    if (seen.add(physical)) {
      opened.increment();
    }
  }

  /** How many connections the pool had to open in the place of others. */
  long replaced() {
    return Math.max(0, opened.sum() - PoolStorm.CONNECTIONS);
  }

  @Override
  public String toString() {
    return "statements " + statements + ", cuts " + cut + ", connections replaced " + replaced();
  }
}
