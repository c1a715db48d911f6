package dev.cleanbreak;

import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes that a cut write has left behind: its caller was told that they are accepted, so the
 * library owes them to the peer.
 *
 * <p>Guarded by its own monitor, which is only held for calls that never block. While it is not
 * empty nobody but {@link #send} writes to the port: it is filled only by the holder of the
 * output's turn, and that one pays it before it writes anything else.
 */
final class Carry {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final CarryBudget budget;

  /** From position to limit: what is owed. */
  private ByteBuffer owed = EMPTY;

  /** {@code owed.remaining()}, to be read without the monitor. */
  private volatile int pending;

  private long movedAt;

  /** Nothing is taken any more. */
  private boolean sealed;

  Carry(CarryBudget budget) {
    this.budget = budget;
  }

  boolean isEmpty() {
    return pending == 0;
  }

  int pending() {
    return pending;
  }

  /** When a byte was last taken, by us or by the peer. */
  synchronized long movedAt() {
    return movedAt;
  }

  /**
   * Takes the rest of {@code tail} over, if it fits.
   *
   * @param limit the most that may be owed
   * @return false if it does not fit or this is sealed, with nothing taken
   */
  synchronized boolean take(ByteBuffer tail, int limit) {
    int size = pending + tail.remaining();
    int more = size - owed.capacity();
    if (sealed || tail.remaining() > limit - pending || !budget.reserve(more)) {
      return false;
    }
    ByteBuffer grown;
    try {
      grown = ByteBuffer.allocate(size);
    } catch (OutOfMemoryError e) {
      budget.release(more);
      return false;
    }
    grown.put(owed).put(tail).flip();
    owed = grown;
    pending = size;
    movedAt = Ticks.now();
    return true;
  }

  /** Sends what the peer takes now; true when nothing is owed any more. */
  synchronized boolean send(StreamPort port) throws IOException {
    while (owed.hasRemaining()) {
      if (StreamOutput.offer(owed, port) == 0) {
        return false;
      }
      movedAt = Ticks.now();
      pending = owed.remaining();
    }
    forget();
    return true;
  }

  /** Forgets what is owed and takes nothing any more: what followed would follow a hole. */
  synchronized void seal() {
    sealed = true;
    forget();
  }

  private void forget() {
    budget.release(owed.capacity());
    owed = EMPTY;
    pending = 0;
  }
}
