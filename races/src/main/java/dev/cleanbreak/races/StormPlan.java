package dev.cleanbreak.races;

/**
 * The size of a storm.
 *
 * @param seconds how long the cuts go on
 * @param connections how many are open at any time
 * @param rate cuts a second
 * @param forks connections a second that two new threads each make and end beside the cuts
 */
record StormPlan(int seconds, int connections, int rate, int forks, long seed) {
  /** A connection with two Cleanbreak ends: two sockets and four selectors of two descriptors. */
  private static final int DESCRIPTORS_PER_CONNECTION = 10;

  private static final int OTHER_DESCRIPTORS = 300;

  StormPlan withSeconds(int other) {
    return new StormPlan(other, connections, rate, forks, seed);
  }

  StormPlan withSeed(long other) {
    return new StormPlan(seconds, connections, rate, forks, other);
  }

  /** About how many descriptors the storm has open at its worst. */
  long descriptors() {
    return (long) connections * DESCRIPTORS_PER_CONNECTION + OTHER_DESCRIPTORS;
  }

  /** How many connections {@code limit} descriptors are enough for. */
  static long connectionsFor(long limit) {
    return Math.max(0, (limit - OTHER_DESCRIPTORS) / DESCRIPTORS_PER_CONNECTION);
  }
}
