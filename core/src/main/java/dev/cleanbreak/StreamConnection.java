package dev.cleanbreak;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
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
  private static final int RESET = 0;
  private static final String OUTPUT_SHUT = "Socket output is shutdown";

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

  /** Of the output's turn. */
  final StandingTimeout standingTimeout = new StandingTimeout();

  final Carry carry = new Carry(CarryBudget.PROCESS);
  private final PortSetup setup = new PortSetup();

  /** Whether the drainer has this connection, or is about to. */
  private final AtomicBoolean draining = new AtomicBoolean();

  private volatile @Nullable SocketException poison;
  private volatile boolean recordShaped;
  private volatile boolean inputShut;

  /** A read has seen the end; it stays seen after a close, as java.net.Socket has it. */
  private volatile boolean ended;

  private volatile boolean outputShut;

  /** A call is about to shut the output down; a write that begins now would only be in its way. */
  private volatile boolean outputEnding;

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
    StreamPort opened = transport.openStream();
    try {
      setup.applyTo(opened);
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
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
    local =
        onPort(port -> {
          port.bind(address);
          setup.bound(address);
          return port.localAddress();
        });
  }

  @Override
  <T> void optionSet(SocketOption<T> option, T value) {
    if (!isConnected()) {
      setup.set(option, value);
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

  /** For the read that waits now, too. One at a time: an earlier one must not come last. */
  synchronized void readTimeout(long nanos) {
    readTimeout = nanos;
    Call reading = input.owner();
    if (reading != null) {
      reading.timeout(nanos);
    }
  }

  long writeTimeout() {
    return writeTimeout;
  }

  /** For the write that waits now, too. One at a time, as above. */
  synchronized void writeTimeout(long nanos) {
    writeTimeout = nanos;
    Call writing = output.owner();
    if (writing != null && writing.operation != Operation.CONNECT) {
      writing.timeout(nanos);
    }
  }

  // ---- connect

  /**
   * Connects by way of {@code route}: the connections it opens and the talk with a proxy are one
   * call, with one limit. The caller closes what this leaves half done.
   */
  void connect(InetSocketAddress destination, ProxyRoute route, long timeout) throws IOException {
    Call call = begin(output, Operation.CONNECT, timeout);
    try {
      if (remote != null) {
        throw new SocketException("Already connected");
      }
      route.open(new Dial(this, call), destination);
      StreamPort stream = streamPort();
      local = stream.localAddress();
      // Nobody is at the wildcard address: the transport has chosen whom to ask.
      InetAddress asked = destination.getAddress();
      remote =
          asked != null && asked.isAnyLocalAddress()
              ? (InetSocketAddress) stream.remoteAddress()
              : destination;
      giveBackSleeper(output);
    } finally {
      end(output, call);
    }
  }

  /**
   * A fresh port, set up as this one was, for the next connection that a connect opens. The old one
   * is reset: where a local port was asked for, the next connection needs it at once.
   */
  void renewStreamPort() throws IOException {
    resetAtClose();
    renewPort(output);
  }

  // ---- reading

  /** Reads at least one byte, or -1 at the end. A throw has consumed nothing. */
  int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    if (ended && isClosed()) {
      return -1;
    }
    boolean kept = promised;
    Call call =
        kept
            ? enter(input, Operation.READ, readTimeout)
            : begin(input, Operation.READ, readTimeout);
    try {
      call.timeoutAtTurn(this::readTimeout);
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

  /**
   * Waits for bytes: how many came, -1 at the end of the stream, 0 if the call was cut.
   *
   * <p>In a dialogue a read finds nothing at first, and a wait comes before the try that succeeds:
   * there a read begins with the wait, which saves the vain try. A wait that was over at once shows
   * that the bytes come faster than they are read: there a read begins with the try again.
   */
  int receive(Call call, ByteBuffer target) throws IOException {
    StreamPort stream = streamPort();
    boolean tryFirst = !input.expectWait;
    input.expectWait = false;
    for (; ; ) {
      if (tryFirst) {
        int n = inputShut ? -1 : stream.read(target);
        ended |= n < 0;
        if (n != 0) {
          return n;
        }
      }
      tryFirst = true;
      if (!waitFor(input, call, Readiness.READ)) {
        return 0;
      }
      input.expectWait = call.reallySlept();
    }
  }

  /**
   * What a read will find without waiting. More than zero is a promise: the next read is not cut.
   */
  int available() throws IOException {
    if (!tryEnter()) {
      throw closed();
    }
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
      call.timeoutAtTurn(this::writeTimeout);
      requireWritable();
      if (outputEnding) {
        throw new SocketException(OUTPUT_SHUT);
      }
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
    if (standingTimeout.cuts(call, carry.pending())) {
      return false;
    }
    while (!carry.isEmpty() && !sendCarried(stream)) {
      if (!waitFor(output, call, Readiness.WRITE)) {
        return false;
      }
    }
    // Nothing is owed, or what was has been dropped: then nothing may follow it.
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
        if (mode == WriteMode.THROW_OR_CARRY) {
          standingTimeout.carried(call, carry.pending());
        }
        return tail;
      }
      // What was carried may have been lost while this write waited behind it.
      requireUnpoisoned();
      if (mode == WriteMode.CARRY_RECORD) {
        poison("a TLS record was cut and could not be carried", null);
      }
    }
    throw cutShort(output, call, moved);
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
    Call call = enter(output, Operation.FLUSH, writeTimeout);
    try {
      boolean paid = carry.isEmpty() || (!call.isCutAtEntry() && pay(call));
      requireUnpoisoned();
      if (!paid && (!recordShaped || isClosed())) {
        throw cutShort(output, call, 0);
      }
    } finally {
      end(output, call);
    }
  }

  /** Ends the writes that wait, then sends the end of the stream behind what is owed. */
  void shutdownOutput() throws IOException {
    // Stored before the writes are looked for; a write takes its turn and then looks here.
    outputEnding = true;
    output.cut(Operation.WRITE, CutCause.here(CutKind.CLOSED, "the output was shut down", null));
    try {
      Call call = enter(output, Operation.SHUTDOWN_OUTPUT, writeTimeout);
      try {
        if (!carry.isEmpty() && (call.isCutAtEntry() || !pay(call))) {
          throw cutShort(output, call, 0);
        }
        requireWritable();
        streamPort().shutdownOutput();
        outputShut = true;
      } finally {
        end(output, call);
      }
    } finally {
      outputEnding = false;
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
    try {
      return onPort(port -> ((StreamPort) port).urgentInline());
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    }
  }

  void urgentInline(boolean on) throws SocketException {
    try {
      onPort(port -> {
        ((StreamPort) port).urgentInline(on);
        setup.urgentInline(on);
        return null;
      });
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    }
  }

  void requireWritable() throws SocketException {
    requireUnpoisoned();
    if (closeCause() != null) {
      throw closed();
    }
    if (outputShut) {
      throw new SocketException(OUTPUT_SHUT);
    }
  }

  private void requireUnpoisoned() throws SocketException {
    SocketException poisoned = poison;
    if (poisoned != null) {
      SocketException again = new SocketException(poisoned.getMessage());
      again.initCause(poisoned);
      throw again;
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
    return Ticks.after(carry.movedAt(), settings().carryTimeout(writeTimeout));
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
    if (isClosed()) {
      LOG.log(
          Level.WARNING,
          "closed socket to {0} was reset: the peer did not take {1} bytes within the close limit",
          remote,
          lost);
      resetAtClose();
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
    output.wakeAll();
  }

  // ---- the end

  @Override
  void close(CutCause by) {
    if (!tryEnter()) {
      return;
    }
    try {
      closedAt = Ticks.now();
      if (poison != null) {
        // A clean end would tell the peer that it has everything.
        resetAtClose();
      }
      super.close(by);
      if (!carry.isEmpty() && resetsAtClose()) {
        carry.seal();
      }
    } finally {
      leave();
    }
    wakeDrainer();
  }

  @Override
  void abandon() {
    closedAt = Ticks.now();
    super.abandon();
    wakeDrainer();
  }

  private void wakeDrainer() {
    if (draining.get()) {
      Drainer.of(settings().transport()).wake();
    }
  }

  /** SO_LINGER of 0 asks for a reset, which drops what is owed as it drops what the kernel has. */
  private boolean resetsAtClose() {
    try {
      return port().getOption(StandardSocketOptions.SO_LINGER) == RESET;
    } catch (IOException ignored) {
      // The option cannot be read: deliver what is owed.
      return false;
    }
  }

  /** Ends the connection with a reset: what the kernel has not sent yet stays out of the peer. */
  void abort(CutCause by) {
    if (!tryEnter()) {
      return;
    }
    try {
      resetAtClose();
      close(by);
      // After the close: a writer that finds nothing owed any more sees that it is closed.
      carry.seal();
    } finally {
      leave();
    }
    wakeDrainer();
  }

  private void resetAtClose() {
    try {
      onPortInside(port -> {
        port.setOption(StandardSocketOptions.SO_LINGER, RESET);
        return null;
      });
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the connection ends without a reset", e);
    }
  }
}
