package dev.cleanbreak.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * Ends one blocked read after the other, each on a new connection; a round returns the microseconds
 * from the call that ends the read to the first statement after the read. What cuts is always a
 * platform thread.
 */
record CutVariant(CutRead.Way way, ThreadKind threads) implements Variant {
  /** What a reader gets, once it runs, to fall asleep in its read; nothing shows it for a JDK's. */
  private static final Duration FALL_ASLEEP = Duration.ofMillis(2);

  private static final long HANG_SECONDS = 60;

  @Override
  public String name() {
    return way.title;
  }

  @Override
  public double[] round(Duration slice) throws Exception {
    long end = System.nanoTime() + slice.toNanos();
    DoubleStream.Builder micros = DoubleStream.builder();
    try (Backlog peers = new Backlog()) {
      do {
        micros.add(cutOne(peers) / 1e3);
      } while (System.nanoTime() - end < 0);
    }
    return micros.build().toArray();
  }

  private long cutOne(Backlog peers) throws Exception {
    try (CutRead cut = way.connect(peers.nextAddress())) {
      CountDownLatch awake = new CountDownLatch(1);
      FutureTask<Long> reader = new FutureTask<>(() -> timeOfReturn(cut, awake));
      threads.start("reader", reader);
      awake.await();
      Thread.sleep(FALL_ASLEEP);
      long began = System.nanoTime();
      cut.cut();
      return reader.get(HANG_SECONDS, TimeUnit.SECONDS) - began;
    }
  }

  private static long timeOfReturn(CutRead cut, CountDownLatch awake) {
    awake.countDown();
    try {
      cut.read();
    } catch (IOException _) {
      return System.nanoTime();
    }
    throw new IllegalStateException("a read came back where nothing was sent");
  }

  @Override
  public void close() {}
}
