package dev.cleanbreak.bench;

/** A client with an open connection, and a request that its server answers at once. */
interface RoundTrip {
  /** Asks and waits for the answer. */
  void run() throws Exception;

  void close() throws Exception;
}
