package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the peer of a {@link StreamConnection}, as its callers see it:
 *
 * <pre>
 *           cut in the middle of a write
 *   CLEAR ------------------------------&gt; OWING ---- paid by a write, a flush or the drainer --+
 *     ^                                     |                                                  |
 *     +-------------------------------------|--------------------------------------------------+
 *                                           |
 *                                           +---- not paid in time, or the connection fails --&gt; POISONED
 *
 *   No-ops: every step out of POISONED. Later writes fail fast and say why.
 * </pre>
 */
final class StreamOutput {
  private static final String SHUT = "Socket output is shutdown";

  /** How much of a buffer without an array is offered at once. */
  private static final int PIECE = 64 * 1024;

  private final StreamConnection connection;

  /** The turn of those who write, and where they sleep. */
  private final Direction turn;

  /** Of the turn. */
  private final StandingCut standing = new StandingCut();

  final Carry carry = new Carry(CarryBudget.PROCESS);

  /** Whether the drainer has this output, or is about to. */
  private final AtomicBoolean draining = new AtomicBoolean();

  private volatile @Nullable SocketException poison;
  private volatile boolean recordShaped;
  private volatile boolean shut;

  /** A call is about to shut the output down; a write that begins now would only be in its way. */
  private volatile boolean ending;

  private volatile long timeout;

  /** Made once: a call takes it up, and must not allocate for that. */
  private final LongSupplier currentTimeout = this::timeout;

  StreamOutput(StreamConnection connection) {
    this.connection = connection;
    this.turn = connection.outputTurn;
    this.timeout = connection.settings().writeTimeout();
  }

  boolean isShut() {
    return shut;
  }

  boolean isPoisoned() {
    return poison != null;
  }

  /** Why the output is poisoned; null if it is not. */
  @Nullable String poisonReason() {
    SocketException reason = poison;
    return reason == null ? null : reason.getMessage();
  }

  /** How long a write may go without the kernel taking one byte, in nanoseconds. */
  long timeout() {
    return timeout;
  }

  /** For the write that waits now, too. One at a time: an earlier one must not come last. */
  synchronized void timeout(long nanos) {
    timeout = nanos;
    turn.timeout(nanos, Operation::hasWriteTimeout);
  }

  /** What a write of the socket's stream does when it is cut. */
  WriteMode mode() {
    return connection.settings().carryAlways() ? WriteMode.CARRY : WriteMode.THROW_OR_CARRY;
  }

  StreamPort port() throws IOException {
    return connection.streamPort();
  }

  /**
   * Writes all of {@code source}, or carries its tail and returns normally, or throws and leaves
   * the position of {@code source} at the first byte that was neither sent nor carried.
   *
   * @return how many bytes were carried
   */
  int write(ByteBuffer source, WriteMode asked) throws IOException {
    int start = source.position();
    WriteMode mode = modeFor(source, asked);
    Call call = begin();
    try {
      if (!source.hasRemaining()) {
        return 0;
      }
      boolean goesOn = !isCutAtEntry(call) && pay(call);
      return finish(call, goesOn, source, start, mode);
    } finally {
      connection.end(turn, call);
    }
  }

  /**
   * As {@link #write(ByteBuffer, WriteMode)} in the stream's own mode; of at least one byte. What
   * the kernel takes at once, which mostly is all, needs no buffer.
   */
  void write(byte[] source, int offset, int length) throws IOException {
    Call call = begin();
    try {
      boolean goesOn = !isCutAtEntry(call) && pay(call);
      int sent = goesOn ? port().write(source, offset, length) : 0;
      if (sent == length) {
        turn.moved();
        turn.resetSpin();
        return;
      }
      ByteBuffer rest = ByteBuffer.wrap(source, offset, length);
      WriteMode mode = modeFor(rest, mode());
      rest.position(offset + sent);
      if (sent > 0) {
        goesOn = goesOnAfter(call);
      }
      finish(call, goesOn, rest, offset, mode);
    } finally {
      connection.end(turn, call);
    }
  }

  private Call begin() throws IOException {
    Call call = connection.enter(turn, Operation.WRITE, currentTimeout);
    try {
      requireWritable();
      if (ending) {
        throw new SocketException(SHUT);
      }
      return call;
    } catch (SocketException e) {
      connection.end(turn, call);
      throw e;
    }
  }

  /** Sends the rest of {@code source}, which began at {@code start}; returns what was carried. */
  private int finish(Call call, boolean goesOn, ByteBuffer source, int start, WriteMode mode)
      throws IOException {
    if (goesOn && send(call, source)) {
      turn.resetSpin();
      return 0;
    }
    return settle(call, source, source.position() - start, mode);
  }

  /** Whether a call that wants to send is cut before it starts, also by a cut not told yet. */
  boolean isCutAtEntry(Call call) {
    return standing.cuts(call, carry.pending());
  }

  /** A write that was cut returns normally: the next call throws the cut, if it still stands. */
  void leaveStanding(Call call) {
    standing.carried(call, carry.pending());
    if (call.hasWaited()) {
      // It will be thrown at an entry, but it has waited: its caller does not spin.
      turn.resetSpin();
    }
  }

  /** A write of exactly one TLS record comes from a TLS layer above, which no throw may hit. */
  private WriteMode modeFor(ByteBuffer source, WriteMode asked) {
    if (asked == WriteMode.EXACT || asked == WriteMode.CARRY_RECORD) {
      return asked;
    }
    if (recordShaped || TlsRecord.isWhole(source)) {
      recordShaped = true;
      return WriteMode.CARRY_RECORD;
    }
    return asked;
  }

  /**
   * Sends what is owed before anything else may be sent; false if the call was cut. The poison is
   * looked at after the carry was seen empty: it is set before the carry is dropped, so that nobody
   * takes dropped bytes for paid ones.
   */
  boolean pay(Call call) throws IOException {
    StreamPort stream = port();
    while (!carry.isEmpty() && !sendCarried(stream)) {
      if (!connection.waitFor(turn, call, Readiness.WRITE)) {
        return false;
      }
    }
    // Nothing is owed, or what was has been dropped: then nothing may follow it.
    requireWritable();
    return true;
  }

  /** Sends what the peer takes of the carry, progress for all who wait; true if nothing is owed. */
  private boolean sendCarried(StreamPort stream) throws IOException {
    try {
      int before = carry.pending();
      boolean paid = carry.send(stream);
      if (carry.pending() < before) {
        turn.movedInTheBackground();
      }
      return paid;
    } catch (IOException e) {
      poison(e.getMessage(), e);
      throw e;
    }
  }

  /** False if the call was cut; {@code source} then begins with the first byte not sent. */
  boolean send(Call call, ByteBuffer source) throws IOException {
    StreamPort stream = port();
    while (source.hasRemaining()) {
      if (offer(source, stream) > 0) {
        if (!goesOnAfter(call) && source.hasRemaining()) {
          return false;
        }
      } else if (!connection.waitFor(turn, call, Readiness.WRITE)) {
        return false;
      }
    }
    return true;
  }

  /** Bytes of the call have moved; false if it was cut meanwhile. */
  private boolean goesOnAfter(Call call) {
    turn.moved();
    call.progressed();
    return !call.isCutMeanwhile();
  }

  /** Writes what fits of {@code source}. What has no array of its own is copied piece by piece. */
  static int offer(ByteBuffer source, StreamPort to) throws IOException {
    int most = source.remaining();
    int sent;
    if (source.hasArray()) {
      sent = to.write(source.array(), source.arrayOffset() + source.position(), most);
    } else {
      byte[] piece = new byte[Math.min(most, PIECE)];
      source.get(source.position(), piece);
      sent = to.write(piece, 0, piece.length);
    }
    source.position(source.position() + sent);
    return sent;
  }

  /** A write was cut: carries what it may, else throws with the exact count. */
  private int settle(Call call, ByteBuffer source, int moved, WriteMode mode) throws IOException {
    CutCause by = call.cause();
    boolean closing = by != null && by.kind() == CutKind.CLOSED;
    boolean mayCarry =
        switch (mode) {
          case THROW_OR_CARRY -> moved > 0;
          case CARRY, CARRY_RECORD -> source.hasRemaining();
          case EXACT -> false;
        };
    if (!closing && mayCarry) {
      int tail = source.remaining();
      if (owe(source)) {
        leaveStanding(call);
        return tail;
      }
      // What was carried may have been lost while this write waited behind it.
      requireUnpoisoned();
      if (mode == WriteMode.CARRY_RECORD) {
        poison("a TLS record was cut and could not be carried", null);
      }
    }
    throw connection.cutShort(turn, call, moved);
  }

  /**
   * Waits until nothing is owed. With nothing owed it never throws for a cut, and under TLS only
   * for a close: JSSE flushes behind every record, and a caller that its flush throws at would send
   * the record's bytes again.
   */
  void flush() throws IOException {
    if (carry.isEmpty() && poison == null) {
      return;
    }
    Call call = connection.enter(turn, Operation.FLUSH, currentTimeout);
    try {
      boolean paid = carry.isEmpty() || (!isCutAtEntry(call) && pay(call));
      requireUnpoisoned();
      if (!paid && (!recordShaped || connection.isClosed())) {
        throw connection.cutShort(turn, call, 0);
      }
    } finally {
      connection.end(turn, call);
    }
  }

  /** Ends the writes that wait, then sends the end of the stream behind what is owed. */
  void shutdown() throws IOException {
    Call call = connection.enter(Operation.SHUTDOWN_OUTPUT, currentTimeout);
    if ((turn.owner() != null || !carry.isEmpty()) && call.isCutAtEntry()) {
      // Before the writers are ended for a shutdown that does not come.
      IOException thrown = connection.cutShort(turn, call, 0);
      connection.exit(call);
      throw thrown;
    }
    // Stored before the writes are looked for; a write takes its turn and then looks here.
    ending = true;
    boolean inTurn = false;
    try {
      turn.cut(Operation.WRITE, CutCause.here(CutKind.CLOSED, "the output was shut down", null));
      inTurn = turn.acquire(call, currentTimeout);
      if (!inTurn || (!carry.isEmpty() && (isCutAtEntry(call) || !pay(call)))) {
        throw connection.cutShort(turn, call, 0);
      }
      requireWritable();
      port().shutdownOutput();
      shut = true;
    } finally {
      // Before others get the turn or are told: the writes that a cut shutdown leaves may go on.
      ending = false;
      if (inTurn) {
        turn.release(call);
      }
      connection.exit(call);
    }
  }

  /** One byte of urgent data; it overtakes nothing that is owed. */
  void sendUrgent(int data) throws IOException {
    Call call = connection.enter(turn, Operation.WRITE, currentTimeout);
    try {
      requireWritable();
      boolean sent = !isCutAtEntry(call) && pay(call) && port().sendUrgent(data);
      while (!sent) {
        if (call.cause() != null || !connection.waitFor(turn, call, Readiness.WRITE)) {
          throw connection.cutShort(turn, call, 0);
        }
        sent = port().sendUrgent(data);
      }
    } finally {
      connection.end(turn, call);
    }
  }

  void requireWritable() throws SocketException {
    requireUnpoisoned();
    if (connection.closeCause() != null) {
      throw connection.closed();
    }
    if (shut) {
      throw new SocketException(SHUT);
    }
  }

  private void requireUnpoisoned() throws SocketException {
    SocketException poisoned = poison;
    if (poisoned != null) {
      throw SocketExceptions.of(poisoned.getMessage(), poisoned);
    }
  }

  // ---- what is owed

  int carried() {
    return carry.pending();
  }

  /** How much more may be carried; the process-wide cap may allow less. */
  int carryRoom() {
    return connection.settings().carryLimit() - carry.pending();
  }

  /** Carries {@code tail} if there is room; false with nothing taken. The caller has the turn. */
  boolean owe(ByteBuffer tail) {
    if (!carry.take(tail, connection.settings().carryLimit())) {
      return false;
    }
    handToDrainer();
    return true;
  }

  /**
   * Sends what goes out at once and carries the rest; never waits. The caller has the turn.
   *
   * @return false if there is no room for the rest, which then stays in {@code bytes}
   */
  boolean post(ByteBuffer bytes) throws IOException {
    StreamPort stream = port();
    if (carry.isEmpty() || sendCarried(stream)) {
      requireUnpoisoned();
      while (bytes.hasRemaining() && offer(bytes, stream) > 0) {
        // The next write goes on where this one stopped.
      }
    }
    return !bytes.hasRemaining() || owe(bytes);
  }

  /** The drainer pays what nobody else does. The caller is inside. */
  private void handToDrainer() {
    if (draining.compareAndSet(false, true)) {
      connection.enterAgain();
      Drainer.of(connection.settings().transport()).submit(this);
    }
  }

  /** The drainer looks again: the connection was closed. */
  void wakeDrainer() {
    if (draining.get()) {
      Drainer.of(connection.settings().transport()).wake();
    }
  }

  /** Drops what is owed, and carries nothing any more: the connection is closed. */
  void drop() {
    carry.seal();
  }

  /** The drainer holds this output no longer. What was owed meanwhile is handed in again. */
  void released(Drainer drainer) {
    draining.set(false);
    if (!carry.isEmpty() && draining.compareAndSet(false, true)) {
      drainer.submit(this);
    } else {
      connection.leave();
    }
  }

  /** There is room: sends what it takes. */
  void drain() {
    try {
      if (sendCarried(port())) {
        turn.wakeAll();
      }
    } catch (IOException ignored) {
      // The output is poisoned, and says so.
    }
  }

  boolean owesNothing() {
    return carry.isEmpty();
  }

  /** When what is owed is too late. */
  long drainLimit() {
    if (connection.isClosed()) {
      return Ticks.after(connection.closedAt(), connection.settings().closeLimit());
    }
    return Ticks.after(carry.movedAt(), connection.settings().carryTimeout(timeout));
  }

  /** Gives up on what is owed if it is late by now. */
  void giveUpIfLate(long now) {
    int lost;
    synchronized (carry) {
      lost = carry.pending();
      if (lost == 0 || now < drainLimit()) {
        return;
      }
      poison("the peer did not take " + lost + " bytes accepted earlier in time", null);
    }
    if (connection.isClosed()) {
      Log.log(
          Level.WARNING,
          "closed socket to {0} was reset: the peer did not take {1} bytes within the close limit",
          connection.remoteAddressOrNull(),
          lost);
      connection.resetIfPoisoned();
    } else {
      Log.log(
          Level.WARNING,
          "the output of the socket to {0} is poisoned: the peer did not take {1} bytes accepted"
              + " earlier in time",
          connection.remoteAddressOrNull(),
          lost);
    }
  }

  /** The output has lost bytes that were accepted: says so from now on. The first reason stays. */
  void poison(@Nullable String why, @Nullable Throwable cause) {
    synchronized (carry) {
      if (poison == null) {
        SocketException reason =
            new SocketException(
                "the output is poisoned: "
                    + why
                    + "; "
                    + carry.pending()
                    + " accepted bytes were not sent");
        if (cause != null) {
          reason.initCause(cause);
        }
        // Before the drop: a writer that finds nothing owed looks here next.
        poison = reason;
        carry.seal();
      }
    }
    turn.wakeAll();
  }
}
