package dev.cleanbreak.races;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What happened in one storm. Thread-safe. */
final class StormLedger {
  static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int KEPT = 20;

  /** The calls that ended by one kind of shot. */
  static final class Row {
    final LongAdder cuts = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAccumulator latest = new LongAccumulator(Math::max, 0);
  }

  private final Map<ShotKind, Row> rows = new EnumMap<>(ShotKind.class);
  final LongAdder bytes = new LongAdder();
  final LongAdder streamsChecked = new LongAdder();
  final LongAdder overtaken = new LongAdder();
  final AtomicInteger opened = new AtomicInteger();
  final LongAdder forks = new LongAdder();
  final LongAdder children = new LongAdder();
  final AtomicLong missed = new AtomicLong();
  private final AtomicInteger brokenCount = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();

  StormLedger() {
    for (ShotKind kind : ShotKind.values()) {
      rows.put(kind, new Row());
    }
  }

  @SuppressWarnings("NullAway") // every kind has its row
  Row row(ShotKind kind) {
    return rows.get(kind);
  }

  void cut(Shot shot) {
    long late = System.nanoTime() - shot.dueNanos();
    Row row = row(shot.kind());
    row.cuts.increment();
    row.latest.accumulate(late);
    if (late > LATE_NANOS) {
      row.late.increment();
    }
    if (late < 0) {
      broke(shot.kind().text() + " came " + -late + " ns early");
    }
  }

  void broke(String how) {
    if (brokenCount.incrementAndGet() <= KEPT) {
      broken.add(how);
    }
  }

  long cuts() {
    return rows.values().stream().mapToLong(row -> row.cuts.sum()).sum();
  }

  long late() {
    return rows.values().stream().mapToLong(row -> row.late.sum()).sum();
  }

  int brokenCount() {
    return brokenCount.get();
  }

  /** The first of what broke, in words. */
  List<String> broken() {
    return List.copyOf(broken);
  }
}
