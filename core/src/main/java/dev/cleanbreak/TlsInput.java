package dev.cleanbreak;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;

/**
 * What the peer sends, opened record by record.
 *
 * <pre>
 *   connection --fetch--&gt; sealed --unwrap--&gt; opened --read--&gt; caller
 *
 *   OPEN ---- close_notify, end of the connection, shutdownInput ----&gt; ENDED
 *
 *   No-ops: every step out of ENDED.
 * </pre>
 *
 * <p>A cut ends a fetch, which then has moved nothing: what has come of a record stays in {@code
 * sealed} until the rest comes. Everything here belongs to the holder of the input's turn but for
 * the volatile fields.
 */
final class TlsInput {
  /** As for the JDK's sockets: whether an end without close_notify is an error. */
  private static final boolean REQUIRE_CLOSE_NOTIFY =
      Boolean.getBoolean("com.sun.net.ssl.requireCloseNotify");

  private static final int MOST_DISCARDED_READS = 16;

  private final TlsSession session;

  /** From position to limit: ciphertext that the engine has not taken. */
  private ByteBuffer sealed;

  /** From position to limit: plaintext that no reader has taken. */
  private ByteBuffer opened;

  /** {@code opened.remaining()}, to be read without the turn. */
  private volatile int ready;

  /** A reader was told that bytes are there; the read that fetches them is not cut. */
  private volatile boolean promised;

  /** Written by the turn's holder and by {@link #shutdown}. */
  private volatile boolean ended;

  private volatile boolean shut;

  TlsInput(TlsSession session, byte[] consumed) {
    this.session = session;
    int record = session.engine.getSession().getPacketBufferSize();
    sealed = ByteBuffer.allocate(Math.max(record, consumed.length)).put(consumed).flip();
    opened = ByteBuffer.allocate(session.engine.getSession().getApplicationBufferSize()).flip();
  }

  boolean hasEnded() {
    return ended;
  }

  boolean isShut() {
    return shut;
  }

  /** Reads at least one byte, or -1 at the end. A throw has consumed nothing. */
  int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    return (int) inTurn(call -> await(call) ? take(target) : -1);
  }

  /** As {@link StreamInput#skip}. */
  long skip(long count) throws IOException {
    if (count <= 0) {
      return 0;
    }
    return inTurn(call -> {
      long skipped = 0;
      while (skipped < count && (skipped == 0 ? await(call) : isOpened(call))) {
        int n = (int) Math.min(opened.remaining(), count - skipped);
        opened.position(opened.position() + n);
        ready = opened.remaining();
        skipped += n;
      }
      return skipped;
    });
  }

  /** What a reader does that has its turn; returns how many bytes it took. */
  @FunctionalInterface
  private interface Taking {
    long by(Call call) throws IOException;
  }

  private long inTurn(Taking taking) throws IOException {
    session.handshake.ensure();
    StreamConnection connection = session.connection;
    Call call =
        promised
            ? session.enter(connection.inputTurn, Operation.READ, connection.input::timeout)
            : session.begin(connection.inputTurn, Operation.READ, connection.input::timeout);
    try {
      promised = false;
      long taken = taking.by(call);
      connection.inputTurn.resetSpin();
      return taken;
    } catch (IOException e) {
      throw session.failedReading(e);
    } finally {
      connection.end(connection.inputTurn, call);
    }
  }

  /** Waits until plaintext is there; false at the end. */
  private boolean await(Call call) throws IOException {
    if (isOpened(call)) {
      return true;
    }
    if (!ended) {
      throw session.connection.cutShort(session.connection.inputTurn, call, 0);
    }
    return false;
  }

  /** As {@link #await}; false also if the call was cut. */
  private boolean isOpened(Call call) throws IOException {
    while (!opened.hasRemaining()) {
      if (ended || !advance(call)) {
        return false;
      }
    }
    return true;
  }

  private int take(ByteBuffer target) {
    int n = Math.min(opened.remaining(), target.remaining());
    target.put(opened.slice(opened.position(), n));
    opened.position(opened.position() + n);
    ready = opened.remaining();
    return n;
  }

  /** The plaintext that is ready. More than zero is a promise: the next read is not cut. */
  int available() throws IOException {
    if (session.isClosed()) {
      throw session.connection.socketIsClosed();
    }
    if (!promised && ScopeNode.current().standingCut() != null) {
      return 0;
    }
    int n = ready;
    if (n > 0) {
      promised = true;
    }
    return n;
  }

  /**
   * Whether the peer has ended the session or the connection: opens what has arrived until there is
   * plaintext, and waits for nothing. See {@link CleanSslSocket#isPeerClosed}.
   *
   * @throws SocketException if this side is closed
   */
  boolean isPeerClosed() throws SocketException {
    StreamConnection connection = session.connection;
    if (!session.handshake.isEstablished()) {
      return connection.input.isPeerClosed();
    }
    connection.enter();
    Call look = new Call(connection, Operation.READ, Ticks.NEVER);
    // A call that is cut already never waits.
    look.cut(CutCause.unseen(CutKind.TIMEOUT, null, null));
    try {
      boolean broken = false;
      if (!ended && connection.inputTurn.tryAcquire(look)) {
        try {
          broken = !session.isLeft() && !looks(look);
        } finally {
          connection.inputTurn.release(look);
        }
      }
      return broken || (ended && !shut);
    } finally {
      look.end();
      connection.leave();
    }
  }

  /** False if the connection or the session is found broken, which ends it as a read does. */
  private boolean looks(Call look) {
    session.connection.inputTurn.expectWait = false;
    try {
      isOpened(look);
      return true;
    } catch (IOException e) {
      IOException ignored = session.failedReading(e);
      return ignored instanceof CutException;
    }
  }

  /**
   * One step: opens a record, or waits for more of it. The caller has found {@code opened} empty.
   *
   * @return false if the call was cut
   */
  boolean advance(Call call) throws IOException {
    SSLEngineResult result = unwrap();
    session.handshake.note(result.getHandshakeStatus());
    switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> {
        return fetch(call);
      }
      case BUFFER_OVERFLOW ->
          opened = larger(opened, session.engine.getSession().getApplicationBufferSize()).flip();
      case CLOSED -> ended = true;
      case OK -> {}
    }
    // The first handshake is driven from outside; what comes later is answered in passing.
    if (session.handshake.isEstablished()) {
      if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        session.handshake.runTasks(call);
      }
      session.output.respond(call);
    }
    return true;
  }

  private SSLEngineResult unwrap() throws SSLException {
    assert !opened.hasRemaining();
    SSLEngine engine = session.engine;
    opened.clear();
    try {
      return engine.unwrap(sealed, opened);
    } catch (RuntimeException e) {
      throw new SSLException("TLS failed: " + e, e);
    } finally {
      opened.flip();
      ready = opened.remaining();
    }
  }

  /** Waits for more ciphertext; false if the call was cut. */
  private boolean fetch(Call call) throws IOException {
    sealed.compact();
    int n;
    try {
      if (sealed.limit() < TlsRecord.end(sealed) || !sealed.hasRemaining()) {
        sealed = larger(sealed, session.engine.getSession().getPacketBufferSize());
      }
      if (!session.closesConnection()) {
        // What follows the session on this connection is not ours to read.
        sealed.limit(Math.max(sealed.position() + 1, TlsRecord.end(sealed)));
      }
      n =
          session.connection.input.receive(
              call, sealed.array(), sealed.position(), sealed.remaining());
      sealed.position(sealed.position() + Math.max(n, 0));
    } finally {
      sealed.flip();
    }
    if (n < 0) {
      endOfConnection();
    } else if (n > 0) {
      call.progressed();
    }
    return n != 0;
  }

  /** A copy in writing order with more room. */
  private static ByteBuffer larger(ByteBuffer full, int wanted) {
    int size = Math.max(wanted, 2 * full.capacity());
    ByteBuffer copy = ByteBuffer.allocate(size);
    return full.position() == 0 ? copy : copy.put(full.flip());
  }

  /** The connection ends without close_notify; what that means is the JDK's rule. */
  private void endOfConnection() throws SSLException {
    if (!session.connection.input.isShut()) {
      EOFException why = new EOFException("SSL peer shut down incorrectly");
      if (session.handshake.isPending()) {
        throw new SSLHandshakeException("Remote host terminated the handshake", why);
      }
      if (REQUIRE_CLOSE_NOTIFY) {
        throw new SSLProtocolException("Remote host terminated the connection", why);
      }
    }
    ended = true;
  }

  /** Ends the input on this side; complains, as the JDK does, if the peer has not ended its own. */
  void shutdown() throws IOException {
    try {
      session.engine.closeInbound();
    } finally {
      shut = true;
      ended = true;
      if (session.closesConnection()) {
        session.connection.input.shutdown();
      }
    }
  }

  /**
   * Reads away what has arrived: a socket closed with bytes unread resets the connection, and what
   * was sent last would be lost. The caller has the turn; nothing is read any more.
   */
  void discardArrived() {
    try {
      for (int i = 0; i < MOST_DISCARDED_READS; i++) {
        if (session.connection.streamPort().read(sealed.array(), 0, sealed.capacity()) <= 0) {
          break;
        }
      }
    } catch (IOException ignored) {
      // The connection has failed; there is nothing to save.
    } finally {
      sealed.clear().flip();
    }
  }
}
