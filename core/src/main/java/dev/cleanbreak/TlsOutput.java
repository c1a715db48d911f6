package dev.cleanbreak;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * What goes to the peer, sealed record by record.
 *
 * <pre>
 *   caller --wrap--&gt; record --send, or carry when cut--&gt; connection
 *
 *   WHOLE ---- a close hits a half-sent record ----&gt; TORN   (nothing may follow)
 *
 *   No-ops: every step out of TORN.
 * </pre>
 *
 * <p>A sealed record has spent its number: it is sent or carried, or the output is poisoned. So a
 * write is cut between records. Everything here is changed by the holder of the output's turn only;
 * the volatile fields are read without it.
 */
final class TlsOutput {
  /** What a record adds to its plaintext at most: header, nonce, MAC and padding. */
  private static final int RECORD_OVERHEAD = 325;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final TlsSession session;
  private final StreamConnection connection;

  /** From position to limit: the part of the last record that was neither sent nor carried. */
  private ByteBuffer record;

  private volatile boolean torn;

  /** The engine says that it must be wrapped and then has nothing: one side has been closed. */
  private volatile boolean mute;

  private volatile boolean saidGoodbye;
  private volatile boolean shut;

  TlsOutput(TlsSession session) {
    this.session = session;
    this.connection = session.connection;
    this.record = ByteBuffer.allocate(session.engine.getSession().getPacketBufferSize()).flip();
  }

  boolean isShut() {
    return shut;
  }

  // ---- application data

  /**
   * Writes all of {@code source}, or carries its tail and returns normally, or throws and leaves
   * the position of {@code source} at the first byte that the peer will not get.
   */
  void write(ByteBuffer source) throws IOException {
    if (!source.hasRemaining()) {
      return;
    }
    session.handshake.ensure();
    int start = source.position();
    Call call = session.enter(connection.outputTurn, Operation.WRITE, connection.output::timeout);
    try {
      requireWritable();
      if (!connection.output.isCutAtEntry(call)
          && connection.output.pay(call)
          && send(call, source)) {
        connection.outputTurn.resetSpin();
        return;
      }
      settle(call, source, start);
    } catch (IOException e) {
      throw session.failed(e);
    } finally {
      release(call);
      connection.exit(call);
    }
  }

  private void requireWritable() throws SocketException {
    connection.output.requireWritable();
    if (shut) {
      throw new SocketException("Socket output is shutdown");
    }
  }

  /** False if the call was cut; {@code record} then holds what was not sent of the last one. */
  private boolean send(Call call, ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      source.mark();
      SSLEngineResult result = seal(source);
      if (!record.hasRemaining()) {
        requireProgress(call, result);
      } else if (!sendRecord(call) || (source.hasRemaining() && call.isCutMeanwhile())) {
        return false;
      }
    }
    return true;
  }

  private boolean sendRecord(Call call) throws IOException {
    try {
      return connection.output.send(call, record);
    } catch (IOException e) {
      connection.output.poison("a TLS record was not sent whole: " + e.getMessage(), e);
      throw e;
    }
  }

  /** The engine has sealed nothing: lets it do what it must do first, or throws. */
  private void requireProgress(Call call, SSLEngineResult result) throws IOException {
    if (result.getStatus() == Status.CLOSED) {
      throw new SocketException("Connection or outbound has closed");
    }
    switch (result.getHandshakeStatus()) {
      case NEED_TASK -> session.handshake.runTasks(call);
      case FINISHED -> {}
      default -> throw new SSLException("TLS cannot send now: " + result.getHandshakeStatus());
    }
  }

  /** A write was cut: carries what it may, else throws with the exact count. */
  private void settle(Call call, ByteBuffer source, int start) throws IOException {
    boolean untouched = source.position() == start && !record.hasRemaining();
    if (connection.isClosed()) {
      int unsent = record.hasRemaining() ? source.reset().position() : source.position();
      torn |= record.hasRemaining();
      record.clear().flip();
      throw connection.cutShort(connection.outputTurn, call, unsent - start);
    }
    carryRecord(call, source, start);
    boolean mayCarry = !session.isClosed() && (!untouched || connection.settings().carryAlways());
    if (!mayCarry || sealedSize(source.remaining()) > connection.output.carryRoom()) {
      throw connection.cutShort(connection.outputTurn, call, source.position() - start);
    }
    while (source.hasRemaining()) {
      source.mark();
      requireProgressOrRecord(call, seal(source));
      carryRecord(call, source, start);
    }
    connection.output.leaveStanding(call);
  }

  private void requireProgressOrRecord(Call call, SSLEngineResult result) throws IOException {
    if (!record.hasRemaining()) {
      requireProgress(call, result);
    }
  }

  private void carryRecord(Call call, ByteBuffer source, int start) throws IOException {
    if (record.hasRemaining() && !connection.output.owe(record)) {
      int unsent = source.reset().position();
      poison();
      throw connection.cutShort(connection.outputTurn, call, unsent - start);
    }
  }

  private void poison() {
    record.clear().flip();
    torn = true;
    connection.output.poison("a TLS record was cut and could not be carried", null);
  }

  /** The most that {@code plaintext} bytes become. */
  private long sealedSize(int plaintext) {
    int fragment = Math.max(1, session.engine.getSession().getPacketBufferSize() - RECORD_OVERHEAD);
    long records = plaintext == 0 ? 0 : 2 + plaintext / fragment;
    return plaintext + records * RECORD_OVERHEAD;
  }

  /** Waits until nothing is carried. */
  void flush() throws IOException {
    connection.output.flush();
  }

  // ---- what the engine says by itself

  /** Seals one record of what the engine has to say, else of {@code source}. */
  private SSLEngineResult seal(ByteBuffer source) throws SSLException {
    for (; ; ) {
      SSLEngineResult result;
      record.clear();
      try {
        result = session.engine.wrap(source, record);
      } catch (RuntimeException e) {
        throw new SSLException("TLS failed: " + e, e);
      } finally {
        record.flip();
      }
      if (result.getStatus() != Status.BUFFER_OVERFLOW) {
        session.handshake.note(result.getHandshakeStatus());
        return result;
      }
      int wanted = session.engine.getSession().getPacketBufferSize();
      record = ByteBuffer.allocate(Math.max(wanted, 2 * record.capacity())).flip();
    }
  }

  /** Whether the engine, or a close, has something to say. */
  private boolean owes() {
    return !torn && (mustSayGoodbye() || needsWrap());
  }

  private boolean mustSayGoodbye() {
    return session.isClosed() && !saidGoodbye;
  }

  private boolean needsWrap() {
    return !mute && session.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
  }

  /** Sends the flight of a first handshake; the caller has the input's turn. False if cut. */
  boolean sendFlight(Call call) throws IOException {
    if (!connection.outputTurn.acquire(call, connection.input::timeout)) {
      return false;
    }
    try {
      connection.output.requireWritable();
      if (!sendOwed(call)) {
        return false;
      }
      if (mute) {
        throw new SSLHandshakeException("Remote host terminated the handshake");
      }
      return true;
    } finally {
      release(call);
    }
  }

  /**
   * Asks the peer for new keys, or a new handshake. What the engine had to say before goes first,
   * and with a handshake under way there is nothing to ask: a hello in the middle of one would not
   * be part of what both sides have seen of it.
   */
  void renew() throws IOException {
    Call call =
        session.begin(connection.outputTurn, Operation.HANDSHAKE, connection.output::timeout);
    try {
      boolean said = sendOwed(call);
      if (said && session.engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
        session.engine.beginHandshake();
        said = sendOwed(call);
      }
      if (!said) {
        throw connection.cutShort(connection.outputTurn, call, 0);
      }
    } catch (IOException e) {
      throw session.failed(e);
    } finally {
      release(call);
      connection.exit(call);
    }
  }

  /**
   * Sends what the engine has to say. If another call has the turn, that one does it before it
   * leaves: it looks again after it has given the turn back.
   */
  void respond(Call call) {
    if (owes() && connection.outputTurn.tryAcquire(call)) {
      release(call);
    }
  }

  /** Gives the turn back, and leaves nothing unsaid that can be said now. */
  private void release(Call call) {
    boolean sent;
    do {
      sent = false;
      try {
        sent = !owes() || say(call, false);
      } catch (IOException ignored) {
        // A broken engine or connection: the next call meets it.
      }
      connection.outputTurn.release(call);
    } while (sent && owes() && connection.outputTurn.tryAcquire(call));
  }

  /** Sends or carries what the engine has to say; false if the call was cut while it waited. */
  private boolean sendOwed(Call call) throws IOException {
    return say(call, true);
  }

  /**
   * As {@link #sendOwed(Call)}.
   *
   * @param patient whether the call waits for room in the carry; else what finds none stays unsaid,
   *     for whoever looks next
   */
  private boolean say(Call call, boolean patient) throws IOException {
    if (mustSayGoodbye()) {
      saidGoodbye = true;
      mute = false;
      session.engine.closeOutbound();
    }
    while (!torn && needsWrap()) {
      if (lacksRoom() && !(patient && connection.output.pay(call))) {
        return false;
      }
      SSLEngineResult result = seal(NOTHING);
      if (!record.hasRemaining()) {
        mute = result.getHandshakeStatus() != HandshakeStatus.FINISHED;
      } else if (!connection.output.post(record) && !sendRecord(call)) {
        tear();
        return false;
      }
    }
    return true;
  }

  private boolean lacksRoom() {
    return connection.output.carried() > 0 && connection.output.carryRoom() < record.capacity();
  }

  /** A record of the engine's own stays half sent. A goodbye is not worth what was accepted. */
  private void tear() {
    if (saidGoodbye) {
      record.clear().flip();
      torn = true;
    } else {
      poison();
    }
  }

  // ---- the end

  /** Sends close_notify behind everything that was accepted, and the end of the connection. */
  void shutdown() throws IOException {
    Call call =
        session.enter(connection.outputTurn, Operation.SHUTDOWN_OUTPUT, connection.output::timeout);
    try {
      if (connection.output.isCutAtEntry(call)) {
        throw connection.cutShort(connection.outputTurn, call, 0);
      }
      session.engine.closeOutbound();
      if (!sendOwed(call)) {
        throw connection.cutShort(connection.outputTurn, call, 0);
      }
      shut = true;
    } catch (IOException e) {
      throw session.failed(e);
    } finally {
      release(call);
      connection.exit(call);
    }
    if (session.closesConnection()) {
      connection.output.shutdown();
    }
  }
}
