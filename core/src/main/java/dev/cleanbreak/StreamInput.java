package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * What the peer of a {@link StreamConnection} sends.
 *
 * <pre>
 *   OPEN ---- the peer's end was read ----&gt; ENDED
 *     |                                       |
 *     +---- shutdown ----&gt; SHUT &lt;------------+     (reads find the end in both)
 * </pre>
 */
final class StreamInput {
  private static final int SKIPPED_AT_ONCE = 8 * 1024;

  /** How much of a buffer without an array one read fills. */
  private static final int AT_ONCE = 64 * 1024;

  private final StreamConnection connection;

  /** The turn of those who read, and where they sleep. */
  private final Direction turn;

  private volatile boolean shut;

  /** A read has seen the end; it stays seen after a close, as java.net.Socket has it. */
  private volatile boolean ended;

  /** The end or a failure was seen that was the peer's doing; it stays seen. */
  private volatile boolean peerClosed;

  private volatile long timeout;

  /** Made once: a call takes it up, and must not allocate for that. */
  private final LongSupplier currentTimeout = this::timeout;

  /** A reader was told that bytes are there; the read that fetches them is not cut. */
  private volatile boolean promised;

  /** A reader was told that nothing is there; the read that follows will probably wait. */
  private volatile boolean foundNothing;

  /** A look may have taken a byte, of which a wait would not hear. Of the turn's holder. */
  private boolean looked;

  StreamInput(StreamConnection connection) {
    this.connection = connection;
    this.turn = connection.inputTurn;
    this.timeout = connection.settings().readTimeout();
  }

  boolean isShut() {
    return shut;
  }

  /** Whether a read has seen the end. */
  boolean hasEnded() {
    return ended;
  }

  /** How long a read waits for its first byte, in nanoseconds. */
  long timeout() {
    return timeout;
  }

  /** From the next read on, as {@link java.net.Socket#setSoTimeout} has it. */
  void nextTimeout(long nanos) {
    timeout = nanos;
  }

  /** For the read that waits now, too. One at a time: an earlier one must not come last. */
  synchronized void timeout(long nanos) {
    timeout = nanos;
    turn.timeout(nanos, Operation::hasReadTimeout);
  }

  /** As {@link #read(byte[], int, int)}, into the rest of {@code target}. */
  int read(ByteBuffer target) throws IOException {
    int most = target.remaining();
    byte[] array = target.hasArray() ? target.array() : new byte[Math.min(most, AT_ONCE)];
    int at = target.hasArray() ? target.arrayOffset() + target.position() : 0;
    int n = read(array, at, Math.min(most, array.length - at));
    if (n > 0 && target.hasArray()) {
      target.position(target.position() + n);
    } else if (n > 0) {
      target.put(array, 0, n);
    }
    return n;
  }

  /** Reads at least one byte, or -1 at the end. A throw has consumed nothing. */
  int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (ended && connection.isClosed()) {
      return -1;
    }
    Call call = begin();
    try {
      int n = receive(call, target, offset, length);
      if (n == 0) {
        throw connection.cutShort(turn, call, 0);
      }
      turn.resetSpin();
      return n;
    } finally {
      connection.end(turn, call);
    }
  }

  /**
   * Reads {@code count} bytes away, fewer if the stream ends. As one call: a cut after the first
   * byte ends it and is not thrown; a throw for a cut has consumed nothing.
   */
  long skip(long count) throws IOException {
    if (count <= 0 || (ended && connection.isClosed())) {
      return 0;
    }
    byte[] away = new byte[(int) Math.min(count, SKIPPED_AT_ONCE)];
    Call call = begin();
    try {
      long skipped = 0;
      while (skipped < count) {
        int n = receive(call, away, 0, (int) Math.min(count - skipped, away.length));
        if (n == 0 && skipped == 0) {
          throw connection.cutShort(turn, call, 0);
        }
        if (n <= 0) {
          break;
        }
        skipped += n;
        call.progressed();
      }
      turn.resetSpin();
      return skipped;
    } finally {
      connection.end(turn, call);
    }
  }

  /** The caller takes up the promise that bytes are there. */
  private Call begin() throws IOException {
    boolean kept = promised;
    Call call =
        kept
            ? connection.enter(turn, Operation.READ, currentTimeout)
            : connection.begin(turn, Operation.READ, currentTimeout);
    promised = false;
    if (kept) {
      turn.expectWait = false;
    } else if (foundNothing) {
      foundNothing = false;
      turn.expectWait |= !looked;
    }
    return call;
  }

  /**
   * Waits for bytes: how many came, -1 at the end of the stream, 0 if the call was cut. The caller
   * has the turn.
   *
   * <p>In a dialogue a read finds nothing at first, and a wait comes before the try that succeeds:
   * there a read begins with the wait, which saves the vain try. A wait that was over at once shows
   * that the bytes come faster than they are read: there a read begins with the try again, and so
   * it does where the wait would be over at once.
   */
  int receive(Call call, byte[] target, int offset, int length) throws IOException {
    StreamPort port = connection.streamPort();
    boolean tryFirst = !turn.expectWait || port.hasHeardOfBytes();
    turn.expectWait = false;
    for (; ; ) {
      if (tryFirst) {
        int n = shut ? -1 : port.read(target, offset, length);
        if (n < 0) {
          ended = true;
          peerClosed |= !shut;
          // The next read finds it again, without a wait.
          turn.expectWait = false;
        }
        if (n != 0) {
          return n;
        }
      }
      tryFirst = true;
      if (!connection.waitFor(turn, call, Readiness.READ)) {
        return 0;
      }
      turn.expectWait = call.reallySlept();
    }
  }

  /**
   * What a read will find without waiting. More than zero is a promise: the next read is not cut.
   */
  int available() throws IOException {
    if (!connection.tryEnter()) {
      throw connection.closed();
    }
    try {
      if (shut || (!promised && ScopeNode.current().standingCut() != null)) {
        return 0;
      }
      int n = connection.streamPort().available();
      if (n > 0) {
        promised = true;
      }
      foundNothing = n == 0;
      return n;
    } finally {
      connection.leave();
    }
  }

  /**
   * Whether the peer has ended or reset the connection, as far as it can be seen without waiting
   * and without reading: see {@link CleanSocket#isPeerClosed}.
   *
   * @throws SocketException if this side is closed
   */
  boolean isPeerClosed() throws SocketException {
    connection.enter();
    Call call = new Call(connection, Operation.READ, 0);
    try {
      // A reader that has the turn sees the end itself; a look must not take bytes from it.
      if (!peerClosed && turn.tryAcquire(call)) {
        try {
          look();
        } finally {
          turn.release(call);
        }
      }
      return peerClosed;
    } finally {
      connection.leave();
    }
  }

  /** The caller has the turn. */
  private void look() {
    // Whatever is found, the next read finds it without a wait; and a sleeper may not tell of it.
    turn.expectWait = false;
    looked = true;
    boolean end;
    try {
      end = !shut && connection.streamPort().peek() < 0;
    } catch (IOException broken) {
      end = true;
    }
    // After a shutdown of this side the kernel shows an end that is not the peer's.
    peerClosed |= end && !shut;
  }

  void shutdown() throws IOException {
    connection.enter();
    try {
      shut = true;
      connection.streamPort().shutdownInput();
      turn.wakeAll();
    } finally {
      connection.leave();
    }
  }
}
