package dev.cleanbreak.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * Round trips of one client, one after the other on this thread; a round returns those a second.
 */
record DriverVariant(String name, RoundTrip trip) implements Variant {
  @Override
  public double[] round(Duration slice) throws Exception {
    long began = System.nanoTime();
    long trips = 0;
    long passed;
    do {
      trip.run();
      trips++;
      passed = System.nanoTime() - began;
    } while (passed < slice.toNanos());
    return new double[] {trips * 1e9 / passed};
  }

  @Override
  public void close() throws IOException {
    try {
      trip.close();
    } catch (Exception e) {
      throw new IOException("cannot close " + name, e);
    }
  }
}
