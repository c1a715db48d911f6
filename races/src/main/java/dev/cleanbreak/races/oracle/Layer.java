package dev.cleanbreak.races.oracle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What stands above the socket, or an order of calls that is tried on the socket itself.
 *
 * @param side which direction is cut
 * @param tls what is between the layer and the socket; null if nothing is
 * @param shakesHands whether the handshake itself is what is cut
 * @param patience how long what is owed may stay undelivered, of an open and of a closed socket
 * @param places where it can be cut
 * @param skips which of its cells are not run
 */
record Layer(
    String id,
    Side side,
    @Nullable Tls tls,
    boolean shakesHands,
    Duration patience,
    Places places,
    Skips skips,
    Procedure procedure) {

  /** A direction. */
  enum Side {
    IN,
    OUT
  }

  /** Why a cell is not run; null if it is. */
  @FunctionalInterface
  interface Skips {
    @Nullable String why(Mode mode, Way way, Moment moment, int length, int offset);

    /** This one's reason, or else that of {@code other}. */
    default Skips or(Skips other) {
      return (mode, way, moment, length, offset) -> {
        String why = why(mode, way, moment, length, offset);
        return why != null ? why : other.why(mode, way, moment, length, offset);
      };
    }
  }

  /** Whether it is writes that are cut, and so the write timeout that times them out. */
  boolean cutsWrites() {
    return side == Side.OUT;
  }

  @Override
  public String toString() {
    return id;
  }
}
