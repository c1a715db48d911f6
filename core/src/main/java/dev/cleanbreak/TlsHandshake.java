package dev.cleanbreak;

import java.io.IOException;
import java.net.SocketException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLHandshakeException;

/**
 * Brings a session up and notices when a handshake is complete.
 *
 * <pre>
 *   NEW --first call--&gt; RUNNING --FINISHED--&gt; ESTABLISHED --+
 *                         | ^                     ^         | key update, renegotiation: in passing,
 *                         +-+ cut: the next       +---------+ by whoever reads and writes
 *                             call goes on
 * </pre>
 *
 * <p>Who drives the first handshake has its turn, and within it the input's. Others wait for the
 * handshake's turn: with the input's they would go on to wait behind the first reader. Delegated
 * tasks run in the calling thread; they compute, or call the application's trust and key managers,
 * and are not cut.
 */
final class TlsHandshake {
  private final TlsSession session;
  private final Runnable onEstablished;
  private final Direction turn;

  /** Written by whoever sees the engine finish, under either turn. */
  private volatile boolean established;

  /**
   * Whether a task runs or is about to, holding the engine's lock. A closer stores its cause and
   * then looks here; the task's runner stores this and then looks for the cause. So either the
   * closer leaves the engine alone, or the task does not start.
   */
  private volatile boolean inTask;

  TlsHandshake(TlsSession session, Runnable onEstablished) {
    this.session = session;
    this.onEstablished = onEstablished;
    this.turn = new Direction(session.connection.inputTurn);
    session.connection.shakesHandsIn(turn);
  }

  /** Makes those who wait for the turn look again. */
  void wakeAll() {
    turn.wakeAll();
  }

  boolean isEstablished() {
    return established;
  }

  boolean isInTask() {
    return inTask;
  }

  /** Whether a handshake is under way that the peer must go on with. */
  boolean isPending() {
    return !established || session.engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
  }

  /** Returns once the first handshake is done; a cut one is continued. */
  void ensure() throws IOException {
    if (established) {
      return;
    }
    StreamConnection connection = session.connection;
    Call call = session.begin(turn, Operation.HANDSHAKE, connection.input::timeout);
    try {
      if (!established
          && !(connection.inputTurn.acquire(call, connection.input::timeout)
              && driveAndRelease(call))) {
        throw connection.cutShort(turn, call, 0);
      }
      turn.resetSpin();
    } finally {
      connection.end(turn, call);
    }
  }

  private boolean driveAndRelease(Call call) throws IOException {
    try {
      if (session.isLeft()) {
        throw session.connection.closed();
      }
      return drive(call);
    } catch (IOException e) {
      throw session.failedReading(e);
    } finally {
      session.connection.inputTurn.release(call);
    }
  }

  /** Asks the peer of an established session for new keys (TLS 1.3) or a new handshake. */
  void renew() throws IOException {
    if (session.input.hasEnded() || session.isClosed()) {
      throw new SocketException("Socket has been closed or broken");
    }
    session.output.renew();
  }

  /** False if the call was cut. */
  private boolean drive(Call call) throws IOException {
    SSLEngine engine = session.engine;
    while (!established) {
      if (session.input.hasEnded()) {
        throw new SSLHandshakeException("Remote host terminated the handshake");
      }
      boolean goesOn =
          switch (engine.getHandshakeStatus()) {
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> session.input.advance(call);
            case NEED_WRAP -> session.output.sendFlight(call);
            case NEED_TASK -> {
              runTasks(call);
              yield true;
            }
            case NOT_HANDSHAKING, FINISHED -> {
              engine.beginHandshake();
              yield true;
            }
          };
      if (!goesOn) {
        return false;
      }
    }
    return true;
  }

  /** Runs what the engine has delegated, in this thread. */
  void runTasks(Call call) throws IOException {
    for (Runnable task; (task = session.engine.getDelegatedTask()) != null; ) {
      inTask = true;
      try {
        if (session.isClosed()) {
          throw session.connection.closed();
        }
        task.run();
      } finally {
        inTask = false;
        if (session.isClosed()) {
          // The closer has left it to us.
          session.output.respond(call);
        }
      }
    }
  }

  /** Takes note of what the engine reported. */
  void note(HandshakeStatus status) {
    if (status != HandshakeStatus.FINISHED) {
      return;
    }
    // After the first one, TLS 1.3 reports each ticket and key update so; no new handshake.
    boolean complete = !established || !session.engine.getSession().getProtocol().equals("TLSv1.3");
    established = true;
    if (complete) {
      onEstablished.run();
    }
  }
}
