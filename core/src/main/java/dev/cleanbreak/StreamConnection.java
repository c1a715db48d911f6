package dev.cleanbreak;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that keeps the contract: what {@link CleanSocket} and the TLS layer stand on.
 *
 * <p>The output, as its callers see it:
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
final class StreamConnection extends Endpoint {
  private static final System.Logger LOG = System.getLogger("dev.cleanbreak");
  private static final long CARRY_LIMIT_WITHOUT_TIMEOUT = Duration.ofSeconds(30).toNanos();
  private static final int RESET = 0;

  /** What a write does when it is cut. */
  enum WriteMode {
    /** Throws before the first byte; carries the tail after it, or throws with the exact count. */
    THROW_OR_CARRY,
    /** Carries at any point; throws only when the carry is full. */
    CARRY,
    /** As {@link #CARRY} for a TLS record: one that cannot be carried poisons the output. */
    CARRY_RECORD,
    /** Never carries; what was not sent stays in the caller's buffer. */
    EXACT
  }

  private final Carry carry = new Carry();

  /** Whether the drainer has this connection, or is about to. */
  private final AtomicBoolean draining = new AtomicBoolean();

  private volatile @Nullable SocketException poison;
  private volatile boolean recordShaped;
  private volatile boolean inputShut;
  private volatile boolean outputShut;
  private volatile long closedAt;

  private volatile @Nullable SocketAddress local;
  private volatile @Nullable InetSocketAddress remote;
  private volatile long readTimeout;
  private volatile long writeTimeout;

  /** A reader was told that bytes are there; the read that fetches them is not cut. */
  private volatile boolean promised;

  StreamConnection(SocketSettings settings) {
    super(settings);
    readTimeout = settings.readTimeout();
    writeTimeout = settings.writeTimeout();
  }

  /** An accepted connection. */
  StreamConnection(SocketSettings settings, StreamPort accepted) throws IOException {
    this(settings);
    adopt(accepted);
    remote = (InetSocketAddress) accepted.remoteAddress();
    local = accepted.localAddress();
  }

  @Override
  Port openPort(Transport transport) throws IOException {
    return transport.openStream();
  }

  StreamPort streamPort() throws IOException {
    return (StreamPort) port();
  }

  // ---- addresses and state

  @Override
  @Nullable SocketAddress localAddressOrNull() {
    return local;
  }

  @Override
  @Nullable InetSocketAddress remoteAddressOrNull() {
    return remote;
  }

  boolean isConnected() {
    return remote != null;
  }

  boolean isInputShut() {
    return inputShut;
  }

  boolean isOutputShut() {
    return outputShut;
  }

  void bind(@Nullable SocketAddress address) throws IOException {
    enter();
    try {
      port().bind(address);
      local = port().localAddress();
    } finally {
      leave();
    }
  }

  @Override
  String stateAfterCut() {
    SocketException poisoned = poison;
    if (poisoned != null) {
      return "; the output is poisoned";
    }
    int pending = carry.pending();
    return pending == 0 ? "" : "; " + pending + " bytes accepted earlier are still being sent";
  }

  // ---- timeouts

  long readTimeout() {
    return readTimeout;
  }

  /** From the next read on, as {@link java.net.Socket#setSoTimeout} has it. */
  void nextReadTimeout(long nanos) {
    readTimeout = nanos;
  }

  /** For the read that waits now, too. */
  void readTimeout(long nanos) {
    readTimeout = nanos;
    Call reading = input.owner();
    if (reading != null) {
      reading.timeout(nanos);
    }
  }

  long writeTimeout() {
    return writeTimeout;
  }

  /** For the write that waits now, too. */
  void writeTimeout(long nanos) {
    writeTimeout = nanos;
    Call writing = output.owner();
    if (writing != null && writing.operation != Operation.CONNECT) {
      writing.timeout(nanos);
    }
  }

  // ---- connect

  /** Connects, or closes the connection: TCP cannot take a connect back. */
  void connect(InetSocketAddress address, long timeout) throws IOException {
    Call call = begin(output, Operation.CONNECT, timeout);
    try {
      if (remote != null) {
        throw new SocketException("Already connected");
      }
      StreamPort stream = streamPort();
      boolean connected = stream.connect(address);
      while (!connected) {
        if (!waitFor(output, call, Readiness.CONNECT)) {
          throw cutShort(output, call, 0);
        }
        connected = stream.finishConnect();
      }
      local = stream.localAddress();
      remote = address;
    } finally {
      end(output, call);
    }
  }

  // ---- reading

  /** Reads at least one byte, or -1 at the end. A throw has consumed nothing. */
  int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    boolean kept = promised;
    Call call =
        kept
            ? enter(input, Operation.READ, readTimeout)
            : begin(input, Operation.READ, readTimeout);
    try {
      promised = false;
      if (kept) {
        input.expectWait = false;
      }
      int n = receive(call, target);
      if (n == 0) {
        throw cutShort(input, call, 0);
      }
      input.resetSpin();
      return n;
    } finally {
      end(input, call);
    }
  }

  /** Waits for bytes: how many came, -1 at the end of the stream, 0 if the call was cut. */
  int receive(Call call, ByteBuffer target) throws IOException {
    StreamPort stream = streamPort();
    boolean waitFirst = input.expectWait;
    for (; ; ) {
      if (!waitFirst) {
        int n = inputShut ? -1 : stream.read(target);
        if (n != 0) {
          // A read that empties the socket will probably find nothing next time.
          input.expectWait = n > 0 && target.hasRemaining();
          return n;
        }
      }
      waitFirst = false;
      input.expectWait = true;
      if (!waitFor(input, call, Readiness.READ)) {
        return 0;
      }
    }
  }

  /**
   * What a read will find without waiting. More than zero is a promise: the next read is not cut.
   */
  int available() throws IOException {
    enter();
    try {
      if (inputShut) {
        return 0;
      }
      if (!promised && ScopeNode.current().standingCut() != null) {
        return 0;
      }
      int n = streamPort().available();
      if (n > 0) {
        promised = true;
      }
      return n;
    } finally {
      leave();
    }
  }

  void shutdownInput() throws IOException {
    enter();
    try {
      inputShut = true;
      streamPort().shutdownInput();
      input.wakeAll();
    } finally {
      leave();
    }
  }

  // ---- writing

  WriteMode streamMode() {
    return settings().carryAlways() ? WriteMode.CARRY : WriteMode.THROW_OR_CARRY;
  }

  /**
   * Writes all of {@code source}, or carries its tail and returns normally, or throws and leaves
   * the position of {@code source} at the first byte that was neither sent nor carried.
   *
   * @return how many bytes were carried
   */
  int write(ByteBuffer source, WriteMode asked) throws IOException {
    WriteMode mode = modeFor(source, asked);
    int start = source.position();
    Call call = enter(output, Operation.WRITE, writeTimeout);
    try {
      requireWritable();
      if (!source.hasRemaining()) {
        return 0;
      }
      if (!call.isCutAtEntry() && pay(call) && send(call, source)) {
        output.resetSpin();
        return 0;
      }
      return settle(call, source, source.position() - start, mode);
    } finally {
      end(output, call);
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
    StreamPort stream = streamPort();
    while (!carry.isEmpty() && !sendCarried(stream)) {
      if (!waitFor(output, call, Readiness.WRITE)) {
        return false;
      }
    }
    requireWritable();
    return true;
  }

  private boolean sendCarried(StreamPort stream) throws IOException {
    try {
      return carry.send(stream);
    } catch (IOException e) {
      poison(e.getMessage(), e);
      throw e;
    }
  }

  /** False if the call was cut; {@code source} then begins with the first byte not sent. */
  boolean send(Call call, ByteBuffer source) throws IOException {
    StreamPort stream = streamPort();
    while (source.hasRemaining()) {
      if (stream.write(source) > 0) {
        call.progressed();
      } else if (!waitFor(output, call, Readiness.WRITE)) {
        return false;
      }
    }
    return true;
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
        return tail;
      }
      if (mode == WriteMode.CARRY_RECORD) {
        poison("a TLS record was cut and could not be carried", null);
      }
    }
    throw cutShort(output, call, moved);
  }

  /** Waits until nothing is owed. With nothing owed it never throws for a cut. */
  void flush() throws IOException {
    if (carry.isEmpty() && poison == null) {
      return;
    }
    Call call = enter(output, Operation.FLUSH, writeTimeout);
    try {
      if (!carry.isEmpty() && (call.isCutAtEntry() || !pay(call))) {
        if (recordShaped && !isClosed()) {
          // A TLS layer above flushes each record; a throw would tell it that it was not sent.
          return;
        }
        throw cutShort(output, call, 0);
      }
      requireWritable();
    } finally {
      end(output, call);
    }
  }

  /** Sends the end of the stream behind what is owed. */
  void shutdownOutput() throws IOException {
    Call call = enter(output, Operation.SHUTDOWN_OUTPUT, writeTimeout);
    try {
      if (!carry.isEmpty() && (call.isCutAtEntry() || !pay(call))) {
        throw cutShort(output, call, 0);
      }
      requireWritable();
      outputShut = true;
      streamPort().shutdownOutput();
    } finally {
      end(output, call);
    }
  }

  /** One byte of urgent data; it overtakes nothing that is owed. */
  void sendUrgent(int data) throws IOException {
    Call call = begin(output, Operation.WRITE, writeTimeout);
    try {
      requireWritable();
      boolean sent = pay(call) && streamPort().sendUrgent(data);
      while (!sent) {
        if (call.cause() != null || !waitFor(output, call, Readiness.WRITE)) {
          throw cutShort(output, call, 0);
        }
        sent = streamPort().sendUrgent(data);
      }
    } finally {
      end(output, call);
    }
  }

  boolean urgentInline() throws SocketException {
    enter();
    try {
      return streamPort().urgentInline();
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    } finally {
      leave();
    }
  }

  void urgentInline(boolean on) throws SocketException {
    enter();
    try {
      streamPort().urgentInline(on);
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    } finally {
      leave();
    }
  }

  void requireWritable() throws SocketException {
    SocketException poisoned = poison;
    if (poisoned != null) {
      SocketException again = new SocketException(poisoned.getMessage());
      again.initCause(poisoned);
      throw again;
    }
    if (outputShut) {
      throw new SocketException("Socket output is shutdown");
    }
  }

  // ---- what is owed

  int carried() {
    return carry.pending();
  }

  /** How much more may be carried; the process-wide cap may allow less. */
  int carryRoom() {
    return settings().carryLimit() - carry.pending();
  }

  /** Carries {@code tail} if there is room; false with nothing taken. The caller has the turn. */
  boolean owe(ByteBuffer tail) {
    if (!carry.take(tail, settings().carryLimit())) {
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
    StreamPort stream = streamPort();
    if (carry.isEmpty() || sendCarried(stream)) {
      requireWritable();
      while (bytes.hasRemaining() && stream.write(bytes) > 0) {
        // The next write goes on where this one stopped.
      }
    }
    return !bytes.hasRemaining() || owe(bytes);
  }

  /** The drainer pays what nobody else does. The caller is inside. */
  private void handToDrainer() {
    if (draining.compareAndSet(false, true)) {
      enterAgain();
      Drainer.of(settings().transport()).submit(this);
    }
  }

  /** The drainer holds this connection no longer. What was owed meanwhile is handed in again. */
  void released(Drainer drainer) {
    draining.set(false);
    if (!carry.isEmpty() && draining.compareAndSet(false, true)) {
      drainer.submit(this);
    } else {
      leave();
    }
  }

  /** There is room: sends what it takes. */
  void drain() {
    try {
      if (carry.send(streamPort())) {
        output.wakeAll();
      }
    } catch (IOException e) {
      poison(e.getMessage(), e);
    }
  }

  boolean owesNothing() {
    return carry.isEmpty();
  }

  /** When what is owed is too late. */
  long drainLimit() {
    if (isClosed()) {
      return Ticks.after(closedAt, settings().closeLimit());
    }
    long limit = writeTimeout == Ticks.NEVER ? CARRY_LIMIT_WITHOUT_TIMEOUT : writeTimeout;
    return Ticks.after(carry.movedAt(), limit);
  }

  void drainedTooLate() {
    int lost = carry.pending();
    if (isClosed()) {
      LOG.log(
          Level.WARNING,
          "closed socket to {0} was reset: the peer did not take {1} bytes within the close limit",
          remote,
          lost);
      resetAtClose();
    }
    poison("the peer did not take " + lost + " bytes accepted earlier in time", null);
  }

  /** The output has lost bytes that were accepted: says so from now on. The first reason stays. */
  synchronized void poison(@Nullable String why, @Nullable Throwable cause) {
    if (poison == null) {
      SocketException reason =
          new SocketException(
              "the output is poisoned: "
                  + why
                  + "; "
                  + carry.pending()
                  + " accepted bytes are lost");
      if (cause != null) {
        reason.initCause(cause);
      }
      poison = reason;
    }
    carry.drop();
    output.wakeAll();
  }

  // ---- the end

  @Override
  void close(CutCause by) {
    if (!isClosed()) {
      closedAt = Ticks.now();
    }
    if (poison != null) {
      resetIfOpen();
    } else if (!carry.isEmpty()) {
      dropCarryIfResetting();
    }
    super.close(by);
    if (draining.get()) {
      Drainer.of(settings().transport()).wake();
    }
  }

  /** A clean end would tell the peer that it has everything. */
  private void resetIfOpen() {
    if (tryEnter()) {
      try {
        resetAtClose();
      } finally {
        leave();
      }
    }
  }

  /** SO_LINGER of 0 asks for a reset, which drops what is owed as it drops what the kernel has. */
  private void dropCarryIfResetting() {
    if (!tryEnter()) {
      return;
    }
    try {
      if (port().getOption(StandardSocketOptions.SO_LINGER) == RESET) {
        carry.drop();
      }
    } catch (IOException ignored) {
      // The option cannot be read: deliver what is owed.
    } finally {
      leave();
    }
  }

  /** Ends the connection with a reset: what the kernel has not sent yet stays out of the peer. */
  void abort(CutCause by) {
    resetIfOpen();
    carry.drop();
    close(by);
  }

  private void resetAtClose() {
    try {
      port().setOption(StandardSocketOptions.SO_LINGER, RESET);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the connection ends without a reset", e);
    }
  }
}
