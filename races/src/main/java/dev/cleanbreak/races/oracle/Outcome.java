package dev.cleanbreak.races.oracle;

/** How a cell that held the contract has ended. */
enum Outcome {
  /** All arrived, once and in order, and the connection works. */
  DELIVERED,
  /** The socket was closed; the peer has exactly what it was told to have. */
  CLOSED,
  /** The output says that it is poisoned; the peer has a prefix. */
  POISONED,
  /** A negative control lost or doubled bytes, as it must. */
  LOST;

  /** Whether the connection can serve the next cell. */
  boolean keepsConnection() {
    return this == DELIVERED;
  }

  String id() {
    return Ids.of(this);
  }
}
