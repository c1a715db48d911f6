package dev.cleanbreak.bench;

/** What a round of a ping-pong measures. */
final class RoundTrips {
  // The places of the figures in a round.
  static final int PER_SECOND = 0;
  static final int CPU_MICROS = 1;

  private final long began = System.nanoTime();
  private final double cpuBefore = CpuTime.now();

  /** The figures of a round that began when this was made and ends now. */
  double[] end(long count) {
    double elapsed = System.nanoTime() - began;
    return new double[] {count * 1e9 / elapsed, (CpuTime.now() - cpuBefore) / 1e3 / count};
  }
}
