package dev.cleanbreak.drivers;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CancelScope.Body;
import dev.cleanbreak.CancelScope.ResultBody;
import dev.cleanbreak.CutException;
import dev.cleanbreak.ScopeView;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Cancels statements by the database's own protocol, so that a cut costs no connection.
 *
 * <pre>{@code
 * ProtocolCancel byProtocol = ProtocolCancel.within(Duration.ofSeconds(2));
 * try (ResultSet rows = byProtocol.call(statement, () -> statement.executeQuery(sql))) { ... }
 * }</pre>
 *
 * <p>JDBC drivers give a connection up when a read of theirs is cut. Here the reads of the body are
 * shielded instead. A cut of the current scope (cancel, deadline) or an interrupt becomes a {@link
 * Statement#cancel}, made by another thread outside the scope; the driver sees the server's
 * ordinary error on a healthy connection, and that error is what the caller gets, with the {@link
 * CutException} that began it among its {@linkplain Throwable#getSuppressed suppressed} ones. If
 * the body has not ended when the grace is over, its reads and writes are cut for good, and the
 * driver closes the connection. The scope stays cut: what comes after in it is refused.
 *
 * <p><b>No cancel hits a later statement.</b>
 *
 * <ul>
 *   <li>A cancel is only ever begun before the body has ended: both take the same lock.
 *   <li>{@code call} does not return while one is under way.
 *   <li>A cancel that the server has confirmed can still strike late: PostgreSQL's is a signal. So
 *       one empty round trip on the connection follows. The signal was sent before the round trip
 *       began, and the server looks for signals before it takes a command; whatever was to strike
 *       has struck when the answer is here, or has been dropped as too late.
 *   <li>Where that cannot be had, because the cancel does not return or the round trip is not
 *       answered within the grace, the connection is aborted.
 * </ul>
 *
 * <p>This holds for connections that lead to one server process. A proxy in between that hands
 * server connections around and answers a cancel before it has passed it on (PgBouncer) breaks the
 * chain.
 *
 * <p>A cancel that arrives before the server has begun the statement is lost, with every database
 * here; so it is repeated until the body ends. The body should be one statement on the given {@code
 * Statement}, with what must be read of its result if the driver streams it; of several, the one
 * that runs is cancelled, and so is the next.
 *
 * <p>Immutable and thread-safe; one object serves any number of statements. As any use of a {@code
 * Statement}, a call has it and its connection for itself.
 */
public final class ProtocolCancel {
  private final Duration grace;

  private ProtocolCancel(Duration grace) {
    this.grace = grace;
  }

  /**
   * Cancels by protocol, and cuts what has not ended after {@code grace}.
   *
   * @param grace from the cut on; a cancel opens a connection of its own, and the server has to
   *     notice it: not less than some hundred milliseconds
   * @throws IllegalArgumentException if {@code grace} is zero, negative or longer than 100 years
   */
  public static ProtocolCancel within(Duration grace) {
    if (!grace.isPositive() || grace.compareTo(StatementCall.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "grace cannot be " + grace + "; give a positive duration, at most 100 years");
    }
    return new ProtocolCancel(grace);
  }

  /**
   * Runs {@code body}, which executes {@code statement}, in the calling thread. Success wins: a
   * body that ends normally although it was cancelled returns its result.
   *
   * <p>An interrupt cancels as well, as soon as the driver's socket meets it, unless the current
   * scope is a shield; the interrupt status stays set. The driver's sockets must be Cleanbreak's:
   * others see neither the interrupt nor the end of the grace.
   *
   * @return what the body returned
   * @throws SQLTimeoutException if the current scope was cut before the body began; SQLState 57014,
   *     the cause is the cut
   * @throws SQLException if the body has ended normally, but the cancel then struck the transaction
   *     that it belongs to, which has to be rolled back (PostgreSQL); SQLState 57014
   * @throws X what the body throws; if it was cancelled, with the cut among the suppressed ones
   */
  public <T extends @Nullable Object, X extends Exception> T call(
      Statement statement, ResultBody<T, X> body) throws SQLException, X {
    ScopeView scope = CancelScope.current();
    refuseIfCut(scope);
    StatementCall call = new StatementCall(statement, grace);
    try (ScopeView.Registration _ = scope.onCancel(() -> call.cancel(cutOf(scope)))) {
      return call.run(body);
    }
  }

  /** As {@link #call}, for a body without a result. */
  public <X extends Exception> void run(Statement statement, Body<X> body) throws SQLException, X {
    call(
        statement,
        () -> {
          body.run();
          return Boolean.TRUE;
        });
  }

  private static void refuseIfCut(ScopeView scope) throws SQLTimeoutException {
    try {
      scope.checkpoint();
    } catch (IOException cut) {
      throw new SQLTimeoutException(
          "not executed: " + cut.getMessage(), StatementCall.QUERY_CANCELED, cut);
    }
  }

  private static Exception cutOf(ScopeView scope) {
    try {
      scope.checkpoint();
    } catch (IOException cut) {
      return cut;
    }
    throw new IllegalStateException(scope + " was cut and is not");
  }
}
