package dev.cleanbreak.bench;

import java.time.Duration;
import java.util.List;

/**
 * How long to measure.
 *
 * @param rounds how often each variant has its turn
 * @param warmups rounds before those, whose values are thrown away
 * @param slice how long one turn lasts
 * @param quick whether this is a smoke run, whose numbers mean nothing
 */
record Plan(int rounds, int warmups, Duration slice, boolean quick) {
  /** The same with at most {@code limit} rounds, for a scene whose rounds are long. */
  Plan atMost(int limit) {
    return new Plan(Math.min(rounds, limit), Math.min(warmups, 1), slice, quick);
  }

  List<String> toArguments() {
    return List.of(
        Integer.toString(rounds),
        Integer.toString(warmups),
        slice.toString(),
        Boolean.toString(quick));
  }

  /** The inverse of {@link #toArguments}. */
  static Plan of(List<String> arguments) {
    return new Plan(
        Integer.parseInt(arguments.get(0)),
        Integer.parseInt(arguments.get(1)),
        Duration.parse(arguments.get(2)),
        Boolean.parseBoolean(arguments.get(3)));
  }
}
