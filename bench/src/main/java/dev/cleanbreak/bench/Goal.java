package dev.cleanbreak.bench;

/**
 * A goal and what came of it.
 *
 * @param met by the median
 * @param close whether the goal lies in the interval of the median, so that another run may end
 *     otherwise
 */
record Goal(String scene, String text, String measured, boolean met, boolean close) {
  static Goal atLeast(String scene, String text, Spread measured, int digits, double bound) {
    return new Goal(
        scene,
        text,
        Table.spread(measured, digits),
        measured.median() >= bound,
        measured.contains(bound));
  }

  static Goal atMost(String scene, String text, Spread measured, int digits, double bound) {
    return new Goal(
        scene,
        text,
        Table.spread(measured, digits),
        measured.median() <= bound,
        measured.contains(bound));
  }

  String verdict() {
    return met
        ? close ? "met, goal within the interval" : "met"
        : close ? "held by the interval, missed by the median" : "**missed**";
  }
}
