package dev.cleanbreak.bench;

import java.io.Closeable;
import java.io.IOException;

/** Both ends of a connection. */
record WirePair(Wire client, Wire server) implements Closeable {
  /** Makes connected pairs over loopback for messages of {@code bytes}. */
  @FunctionalInterface
  interface Source {
    WirePair connect(int bytes) throws IOException;
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
