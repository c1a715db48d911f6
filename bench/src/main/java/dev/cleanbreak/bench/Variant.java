package dev.cleanbreak.bench;

import java.io.IOException;
import java.time.Duration;

/** One contender of a scene: open, warm, and idle while the others have their round. */
interface Variant extends AutoCloseable {
  String name();

  /**
   * Works for about {@code slice} and returns what it measured, in the unit of the scene: one value
   * for a rate, many for latencies.
   */
  double[] round(Duration slice) throws Exception;

  /** The process in which a round runs. */
  default long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  void close() throws IOException;
}
