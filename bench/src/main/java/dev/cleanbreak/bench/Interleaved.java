package dev.cleanbreak.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets variants take turns, so that whatever slows the machine down for a while hits all of them: A
 * B C, then C B A, and so on. The change of direction keeps a steady drift from favouring those
 * that come early.
 */
final class Interleaved {
  private Interleaved() {}

  static List<Series> run(List<? extends Variant> variants, Plan plan, Progress progress)
      throws Exception {
    for (int i = 0; i < plan.warmups(); i++) {
      progress.say("warm-up " + (i + 1) + " of " + plan.warmups());
      for (Variant variant : variants) {
        variant.round(plan.slice());
      }
    }
    Map<String, List<double[]>> measured = new LinkedHashMap<>();
    variants.forEach(variant -> measured.put(variant.name(), new ArrayList<>()));
    for (int i = 0; i < plan.rounds(); i++) {
      progress.say("round " + (i + 1) + " of " + plan.rounds());
      for (Variant variant : i % 2 == 0 ? variants : variants.reversed()) {
        measured
            .computeIfAbsent(variant.name(), _ -> new ArrayList<>())
            .add(round(variant, plan.slice()));
      }
    }
    List<Series> series = new ArrayList<>();
    measured.forEach((name, rounds) -> series.add(new Series(name, rounds)));
    return series;
  }

  private static double[] round(Variant variant, Duration slice) throws Exception {
    double[] values = variant.round(slice);
    if (values.length == 0) {
      throw new IllegalStateException(
          variant.name() + " measured nothing in " + slice + "; give it more --seconds");
    }
    return values;
  }

  /** Closes all of {@code variants}; the first failure is thrown at the end. */
  static void close(List<? extends Variant> variants) throws java.io.IOException {
    java.io.IOException failure = null;
    for (Variant variant : variants) {
      try {
        variant.close();
      } catch (java.io.IOException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
