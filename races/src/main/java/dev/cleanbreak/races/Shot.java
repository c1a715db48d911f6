package dev.cleanbreak.races;

/**
 * One cut that was ordered.
 *
 * @param serial tells it from every other one
 * @param dueNanos on the clock of {@link System#nanoTime}: the call must not end before, and should
 *     end soon after
 */
record Shot(ShotKind kind, long serial, long dueNanos) {
  String reason() {
    return "shot " + serial;
  }
}
