package dev.cleanbreak;

import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * Bytes that a cut write has left behind: its caller was told that they are accepted, so the
 * library owes them to the peer.
 *
 * <p>Guarded by its own monitor, which is only held for calls that never block. While it is not
 * empty nobody but {@link #send} writes to the port: it is filled only by the holder of the
 * output's turn, and that one pays it before it writes anything else.
 */
final class Carry {
  /** What all sockets together may owe. */
  private static final long CAP =
      Long.getLong(
          "dev.cleanbreak.carryCap",
          Math.min(256L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8));

  private static final AtomicLong RESERVED = new AtomicLong();
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  /** From position to limit: what is owed. */
  private ByteBuffer owed = EMPTY;

  /** {@code owed.remaining()}, to be read without the monitor. */
  private volatile int pending;

  private long movedAt;
  private boolean ruined;

  /** What all sockets together owe now, in bytes of buffer. */
  static long reserved() {
    return RESERVED.get();
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
   * @return false if it does not fit, or would follow a gap, with nothing taken
   */
  synchronized boolean take(ByteBuffer tail, int limit) {
    int size = pending + tail.remaining();
    if (ruined || tail.remaining() > limit - pending || !reserve(size)) {
      return false;
    }
    ByteBuffer grown;
    try {
      grown = ByteBuffer.allocate(size);
    } catch (OutOfMemoryError e) {
      RESERVED.addAndGet(-size);
      return false;
    }
    grown.put(owed).put(tail).flip();
    RESERVED.addAndGet(-owed.capacity());
    owed = grown;
    pending = size;
    movedAt = Ticks.now();
    return true;
  }

  private static boolean reserve(int bytes) {
    if (RESERVED.addAndGet(bytes) <= CAP) {
      return true;
    }
    RESERVED.addAndGet(-bytes);
    return false;
  }

  /** Sends what the peer takes now; true when nothing is owed any more. */
  synchronized boolean send(StreamPort port) throws IOException {
    while (owed.hasRemaining()) {
      if (port.write(owed) == 0) {
        return false;
      }
      movedAt = Ticks.now();
      pending = owed.remaining();
    }
    drop();
    return true;
  }

  /**
   * Loses what is owed, and takes nothing any more: it would follow a gap. With nothing owed this
   * is a no-op.
   *
   * @param told learns how much is lost, before anybody can see that nothing is owed any more
   * @return how much that is
   */
  synchronized int lose(IntConsumer told) {
    int lost = owed.remaining();
    if (lost > 0) {
      ruined = true;
      told.accept(lost);
      drop();
    }
    return lost;
  }

  private void drop() {
    assert Thread.holdsLock(this);
    RESERVED.addAndGet(-owed.capacity());
    owed = EMPTY;
    pending = 0;
  }
}
