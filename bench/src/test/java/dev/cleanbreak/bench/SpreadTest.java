package dev.cleanbreak.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void fewValuesAreAllInTheInterval() {
    assertEquals(new Spread(1, 3, 5), Spread.of(new double[] {5, 1, 4, 2, 3}));
    assertEquals(new Spread(1, 2.5, 4), Spread.of(new double[] {4, 3, 2, 1}));
    assertEquals(new Spread(7, 7, 7), Spread.of(new double[] {7}));
    assertThrows(IllegalArgumentException.class, () -> Spread.of(new double[0]));
  }

  /** The ranks are those of the tables for the sign test. */
  @Test
  void theIntervalHoldsTheMedianAt95In100() {
    assertEquals(new Spread(1, 4, 7), Spread.of(upTo(7)));
    assertEquals(new Spread(2, 5, 8), Spread.of(upTo(9)));
    assertEquals(new Spread(2, 6, 10), Spread.of(upTo(11)));
    assertEquals(new Spread(6, 10.5, 15), Spread.of(upTo(20)));
    assertEquals(new Spread(8, 13, 18), Spread.of(upTo(25)));
  }

  private static double[] upTo(int n) {
    return IntStream.rangeClosed(1, n).mapToDouble(i -> i).toArray();
  }

  @Test
  void quantilesReachFromTheSmallestToTheLargest() {
    double[] values = {30, 10, 20};
    assertEquals(10, Spread.quantile(values, 0));
    assertEquals(30, Spread.quantile(values, 1));
    assertEquals(29.8, Spread.quantile(values, 0.99), 1e-9);
    assertEquals(30, values[0], "the values stay as they were");
    assertThrows(IllegalArgumentException.class, () -> Spread.median(new double[0]));
  }

  @Test
  void aRatioIsTakenWithinEachRound() {
    // The machine became ten times slower on the way; the ratio does not see it.
    Series fast = new Series("fast", List.of(new double[] {200}, new double[] {20}));
    Series slow = new Series("slow", List.of(new double[] {100}, new double[] {10}));
    assertEquals(new Spread(2, 2, 2), fast.ratioTo(slow));
    Series shorter = new Series("shorter", List.of(new double[] {1}));
    assertThrows(IllegalArgumentException.class, () -> fast.ratioTo(shorter));
  }

  @Test
  void aRoundOfManyValuesCountsByItsMedian() {
    Series latencies =
        new Series("latencies", List.of(new double[] {1, 2, 90}, new double[] {4, 4, 4}));
    assertEquals(new Spread(2, 3, 4), latencies.spread());
    assertEquals(90, Spread.quantile(latencies.all(), 1));
    assertEquals(new Spread(4, 47, 90), latencies.column(2).spread());
  }

  @Test
  void aGoalIsMetByTheMedianAndHeldByTheInterval() {
    Spread ratio = new Spread(0.88, 0.91, 0.94);
    assertEquals("met", Goal.atLeast("s", "g", ratio, 2, 0.80).verdict());
    assertEquals("met, goal within the interval", Goal.atLeast("s", "g", ratio, 2, 0.90).verdict());
    assertFalse(Goal.atLeast("s", "g", ratio, 2, 0.95).met());
    assertTrue(Goal.atMost("s", "g", ratio, 2, 0.95).met());
    assertEquals(
        "held by the interval, missed by the median",
        Goal.atMost("s", "g", ratio, 2, 0.90).verdict());
  }
}
