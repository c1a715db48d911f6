package dev.cleanbreak.bench;

import java.io.IOException;
import java.time.Duration;

/** A way to send messages to and fro. Both ends are of the same kind. */
interface EchoVariant {
  /** Every timeout and deadline of a ping-pong: set, and never reached. */
  Duration LIMIT = Duration.ofHours(1);

  String name();

  /** Connects everything and starts the echoes. Rounds are in round trips per second. */
  Variant open(EchoLoad load) throws IOException;
}
