package dev.cleanbreak.bench;

/** What a round of a ping-pong measures, or a round of writes that nobody answers. */
final class RoundTrips {
  // The places of the figures in a round.
  static final int PER_SECOND = 0;
  static final int CPU_MICROS = 1;

  /** Bytes on the heap for a round trip. */
  static final int ALLOCATED = 2;

  static final int COUNT = 3;

  private final long began = System.nanoTime();
  private final double cpuBefore = CpuTime.now();
  private final double allocatedBefore = AllocatedBytes.now();

  /** The figures of a round that began when this was made and ends now. */
  double[] end(long count) {
    return figures(
        count,
        (double) (System.nanoTime() - began),
        CpuTime.now() - cpuBefore,
        AllocatedBytes.now() - allocatedBefore);
  }

  static double[] figures(long count, double nanos, double cpuNanos, double allocated) {
    return new double[] {count * 1e9 / nanos, cpuNanos / 1e3 / count, allocated / count, count};
  }
}
