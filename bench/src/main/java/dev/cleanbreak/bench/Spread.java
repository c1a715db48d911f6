package dev.cleanbreak.bench;

import java.util.Arrays;

/**
 * A median and the quartiles around it.
 *
 * @param low the first quartile
 * @param high the third quartile
 */
record Spread(double low, double median, double high) {
  static Spread of(double[] values) {
    return new Spread(quantile(values, 0.25), median(values), quantile(values, 0.75));
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

  /** Whether {@code value} lies between the quartiles. */
  boolean contains(double value) {
    return low < value && value < high;
  }
}
