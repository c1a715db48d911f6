package dev.cleanbreak.drivers;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CancelScope.ResultBody;
import dev.cleanbreak.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link ProtocolCancel}.
 *
 * <pre>
 *   RUNNING ---- body ends ------------------------------------&gt; ENDED: nobody was asked
 *      |
 *      +-- cancel --&gt; ASKING ---- body ends, asker is back ----&gt; ENDED: one empty round trip
 *                                 asker does not come back ----&gt; ENDED: connection aborted
 *
 *   No-ops: a second cancel, a cancel after the end.
 * </pre>
 *
 * <p>The lock orders the end of the body and the start of a cancel: whichever is second sees the
 * other. It is never held while the database is talked to.
 */
final class StatementCall {
  static final String QUERY_CANCELED = "57014";
  static final Duration LONGEST = Duration.ofDays(36_500);

  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Connection connection;
  private final Duration grace;
  private final Session session;
  private final CancelScope shield;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean ended;
  private boolean asking;

  /** What began the cancel; null if nothing has. Written once, under the lock. */
  private @Nullable Exception cut;

  StatementCall(Statement statement, Duration grace) throws SQLException {
    this.connection = statement.getConnection();
    this.grace = grace;
    this.session = Session.of(statement);
    // Without a limit until it is cut.
    this.shield = CancelScope.shielded(LONGEST, this::cancel);
  }

  <T extends @Nullable Object, X extends Exception> T run(ResultBody<T, X> body)
      throws SQLException, X {
    T result;
    try {
      result = shield.call(body);
    } catch (Throwable failure) {
      Exception by = bodyEnded();
      if (by != null) {
        failure.addSuppressed(by);
        settle(failure);
      }
      throw failure;
    }
    Exception by = bodyEnded();
    if (by != null) {
      SQLException late = settle(by);
      if (late != null && session.losesTransaction()) {
        late.addSuppressed(by);
        throw late;
      }
    }
    return result;
  }

  // ---- the side that cancels: a thread of its own, outside every scope

  void cancel(Exception by) {
    lock.lock();
    try {
      if (ended || cut != null) {
        return;
      }
      cut = by;
      asking = true;
      shield.setDeadline(Deadline.after(grace));
    } finally {
      lock.unlock();
    }
    try {
      askUntilEnded(by);
    } finally {
      lock.lock();
      try {
        asking = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Asks again and again: the statement may not have reached the server when it was asked. */
  private void askUntilEnded(Exception by) {
    Deadline end = Deadline.after(grace);
    long pause = FIRST_PAUSE_NANOS;
    for (boolean again = false; !end.hasPassed(); again = true) {
      ask(again, end, by);
      if (awaitEnd(Math.min(pause, end.remaining().toNanos()))) {
        return;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  private void ask(boolean again, Deadline end, Exception by) {
    try {
      CancelScope.until(end)
          .run(() -> {
            if (again) {
              session.cancelAgain();
            } else {
              session.cancel();
            }
          });
    } catch (SQLException | RuntimeException failed) {
      // The caller hears of it together with what then ended the body.
      by.addSuppressed(failed);
    }
  }

  private boolean awaitEnd(long nanos) {
    lock.lock();
    try {
      awaitUninterruptibly(nanos, () -> ended);
      return ended;
    } finally {
      lock.unlock();
    }
  }

  // ---- the calling thread

  /** From here on no cancel begins. Returns what began the one that has, or null. */
  private @Nullable Exception bodyEnded() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
      return cut;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when no cancel can strike any more.
   *
   * @param report hears of what goes wrong
   * @return the cancel, if it has struck the round trip
   */
  private @Nullable SQLException settle(Throwable report) {
    if (!askerIsBack()) {
      abort(report, "the cancel request did not return");
      return null;
    }
    try {
      if (session.isClosed()) {
        tellPool();
        return null;
      }
      CancelScope round = CancelScope.shielded(grace);
      round.run(session::roundTrip);
      return null;
    } catch (SQLException e) {
      if (session.isCancelled(e)) {
        return e;
      }
      if (!session.isAnswer(e)) {
        report.addSuppressed(e);
        abort(report, "no empty round trip was to be had after the cancel request");
      }
      return null;
    }
  }

  private boolean askerIsBack() {
    lock.lock();
    try {
      // The asker has the grace as its own deadline; twice that is for sockets that have none.
      awaitUninterruptibly(Math.min(grace.toNanos(), Long.MAX_VALUE / 2) * 2, () -> !asking);
      return !asking;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection, and lets a pool around it know. */
  private void abort(Throwable report, String why) {
    report.addSuppressed(new SQLException("connection given up: " + why, "08006"));
    session.abort();
    tellPool();
  }

  /**
   * A pool's proxy looks at what its connection throws, and not every driver says that it has given
   * the connection up; what is called here does.
   */
  private void tellPool() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select 1");
    } catch (SQLException expected) {
      return;
    }
  }

  private interface Fact {
    boolean holds();
  }

  /** Under the lock. The interrupt status is kept, and does not end the wait. */
  private void awaitUninterruptibly(long nanos, Fact fact) {
    boolean interrupted = false;
    long end = System.nanoTime() + nanos;
    while (!fact.holds()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        if (!changed.await(left, TimeUnit.NANOSECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
