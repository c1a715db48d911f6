package dev.cleanbreak.bench;

import java.util.Arrays;

/**
 * A median and the interval in which that of many more rounds would lie, at 95 in 100. Nothing is
 * supposed of how the values are distributed: between the k-th smallest and the k-th largest of n
 * the median lies unless fewer than k of the n are below it, or above it, and each is with a chance
 * of one half. Fewer than six values never reach 95 in 100; there the interval is all of them.
 */
record Spread(double low, double median, double high) {
  private static final double ERROR = 0.05;

  /**
   * @throws IllegalArgumentException if there are no values
   */
  static Spread of(double[] values) {
    double median = median(values);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int cut = outside(sorted.length);
    return new Spread(sorted[cut], median, sorted[sorted.length - 1 - cut]);
  }

  /** How many of {@code n} sorted values lie outside of the interval at either end. */
  private static int outside(int n) {
    double chance = Math.pow(0.5, n); // that none of n is below the median
    double below = chance;
    int cut = 0;
    while (2 * below <= ERROR) {
      cut++;
      chance = chance * (n - cut + 1) / cut;
      below += chance;
    }
    return Math.max(0, cut - 1);
  }

  static double median(double[] values) {
    return quantile(values, 0.5);
  }

  /**
   * The value below which the given share of {@code values} lies, interpolated between neighbours.
   *
   * @throws IllegalArgumentException if there are no values
   */
  static double quantile(double[] values, double share) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  Spread times(double factor) {
    return new Spread(low * factor, median * factor, high * factor);
  }

  /** Whether {@code value} lies in the interval. */
  boolean contains(double value) {
    return low < value && value < high;
  }
}
