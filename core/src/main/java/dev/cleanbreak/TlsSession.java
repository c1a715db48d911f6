package dev.cleanbreak;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One TLS session over a connection: an {@link SSLEngine} between {@link TlsInput} and {@link
 * TlsOutput}, brought up by {@link TlsHandshake}.
 *
 * <pre>
 *   LIVE ---- close, from any thread ---------------------------&gt; CLOSED
 *    |                                                              ^
 *    +---- the engine fails (alert sent, if it goes out at once) ---+   (broken says why)
 *
 *   A cut is not a step: the session stays LIVE, and the next call goes on where it was.
 *   No-ops: a second close.
 * </pre>
 *
 * <p>A TLS call is one call of the connection beneath and holds the connection's own turns: the
 * input's turn guards the ciphertext and plaintext that came in and belongs to a handshake, too;
 * the output's turn is held from the sealing of a record until its last byte is sent or carried, so
 * that records leave in the order of their numbers. Who has the input's turn may wait for the
 * output's, during the first handshake; nobody waits the other way round. Later a reader that has
 * something to answer (a key update, a renegotiation) never waits for a writer: if the output is
 * taken, the writer sends the answer before it leaves.
 *
 * <p>The engine has a lock of its own, which is held while it computes and while a delegated task
 * runs; no thread of ours waits for the network with it.
 */
final class TlsSession {
  final StreamConnection connection;
  final SSLEngine engine;
  final TlsHandshake handshake;
  final TlsInput input;
  final TlsOutput output;

  private final boolean closesConnection;
  private final AtomicReference<@Nullable CutCause> closeCause = new AtomicReference<>();

  /** The failure that ended the session; null as long as there was none. */
  private volatile @Nullable IOException broken;

  /**
   * A session that has not begun.
   *
   * @param onEstablished called once for each completed handshake, by the thread that completed it
   * @param consumed bytes that were read from the connection and belong to the session
   * @param closesConnection whether the connection ends with the session
   */
  TlsSession(
      StreamConnection connection,
      SSLEngine engine,
      Runnable onEstablished,
      byte[] consumed,
      boolean closesConnection) {
    this.connection = connection;
    this.engine = engine;
    this.closesConnection = closesConnection;
    this.handshake = new TlsHandshake(this, onEstablished);
    this.input = new TlsInput(this, consumed);
    this.output = new TlsOutput(this);
  }

  /** Whether the connection ends with the session. */
  boolean closesConnection() {
    return closesConnection;
  }

  boolean isClosed() {
    return closeCause.get() != null || connection.isClosed();
  }

  // ---- one call

  /** Takes the turn, without a look at the scope and the interrupt status. */
  Call enter(Direction direction, Operation operation, LongSupplier timeout) throws IOException {
    requireSound();
    Call call = connection.enter(direction, operation, timeout);
    if (isLeft()) {
      connection.end(direction, call);
      throw connection.closed();
    }
    return call;
  }

  /** Takes the turn; throws if the call is cut before it starts. */
  Call begin(Direction direction, Operation operation, LongSupplier timeout) throws IOException {
    Call call = enter(direction, operation, timeout);
    if (call.isCutAtEntry()) {
      IOException thrown = connection.cutShort(direction, call, 0);
      connection.end(direction, call);
      throw thrown;
    }
    return call;
  }

  /** Whether the session was closed, be it over a connection that goes on. */
  boolean isLeft() {
    return closeCause.get() != null;
  }

  private void requireSound() throws IOException {
    IOException why = broken;
    if (why instanceof SocketException lost) {
      throw SocketExceptions.of(lost.getMessage(), lost);
    }
    if (why != null) {
      throw new SSLException("the TLS session has ended: " + why.getMessage(), why);
    }
  }

  /**
   * What a call throws that met {@code e}: if it is the engine's, the session ends here, with an
   * alert to the peer. The caller is inside.
   */
  IOException failed(IOException e) {
    if (e instanceof SSLException) {
      end(e);
    }
    return e;
  }

  private void end(IOException why) {
    broken = why;
    close(CutCause.here(CutKind.CLOSED, "TLS failed: " + why.getMessage(), null));
  }

  /**
   * As {@link #failed}, for the holder of the input's turn: after a failure of the connection
   * nothing that it still yields can be trusted to be the end.
   */
  IOException failedReading(IOException e) {
    if (!(e instanceof CutException)) {
      end(e);
      if (closesConnection) {
        input.discardArrived();
      }
    }
    return e;
  }

  // ---- the end

  /** Closes from any thread; never waits. The peer is told if that goes out at once or fits. */
  void close(CutCause by) {
    if (!closeCause.compareAndSet(null, by)) {
      return;
    }
    if (connection.tryEnter()) {
      try {
        sayGoodbye(by);
      } finally {
        connection.leave();
      }
    }
    if (closesConnection) {
      connection.close(by);
    } else {
      connection.inputTurn.cutOwner(by);
      connection.outputTurn.cutOwner(by);
    }
    handshake.wakeAll();
  }

  private void sayGoodbye(CutCause by) {
    Call closing = new Call(connection, Operation.WRITE, Ticks.NEVER);
    // A call that is cut already never waits.
    closing.cut(by);
    try {
      if (!handshake.isInTask()) {
        output.respond(closing);
      }
      if (closesConnection && connection.inputTurn.tryAcquire(closing)) {
        input.discardArrived();
        connection.inputTurn.release(closing);
      }
    } finally {
      closing.end();
    }
  }
}
