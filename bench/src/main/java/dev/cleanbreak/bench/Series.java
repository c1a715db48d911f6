package dev.cleanbreak.bench;

import java.util.Arrays;
import java.util.List;

/** What one variant measured: for each round its values. */
record Series(String variant, List<double[]> rounds) {
  /** The median of each round. */
  double[] medians() {
    return rounds.stream().mapToDouble(Spread::median).toArray();
  }

  /** The values of all rounds together. */
  double[] all() {
    return rounds.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /** The value at {@code index} of each round, where a round measures several things. */
  Series column(int index) {
    return new Series(variant, rounds.stream().map(round -> new double[] {round[index]}).toList());
  }

  /** Over the medians of the rounds. */
  Spread spread() {
    return Spread.of(medians());
  }

  /** This variant against another, each round against the same round of the other. */
  Spread ratioTo(Series other) {
    if (rounds.size() != other.rounds.size()) {
      throw new IllegalArgumentException(
          rounds.size() + " rounds of " + variant + " against " + other.rounds.size());
    }
    double[] mine = medians();
    double[] theirs = other.medians();
    double[] ratios = new double[mine.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = mine[i] / theirs[i];
    }
    return Spread.of(ratios);
  }
}
