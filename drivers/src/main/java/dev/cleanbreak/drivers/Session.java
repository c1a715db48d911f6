package dev.cleanbreak.drivers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The server's side of a statement, as the driver itself shows it: a pool's proxy is left out. */
class Session {
  /** ER_QUERY_INTERRUPTED of MySQL and MariaDB. */
  private static final String QUERY_INTERRUPTED = "70100";

  final Statement statement;
  final Connection connection;

  Session(Statement driver) throws SQLException {
    this.statement = driver;
    this.connection = driver.getConnection();
  }

  static Session of(Statement statement) throws SQLException {
    // A proxy would take a failed cancel request for a failure of this connection.
    Statement driver =
        statement.isWrapperFor(Statement.class) ? statement.unwrap(Statement.class) : statement;
    return PostgresSession.isOne(driver) ? new PostgresSession(driver) : new Session(driver);
  }

  /** Asks the server to stop the statement; returns when the server has confirmed. */
  void cancel() throws SQLException {
    statement.cancel();
  }

  /** As {@link #cancel}, where a cancel was asked for before and has not shown. */
  void cancelAgain() throws SQLException {
    statement.cancel();
  }

  /** Sends the least there is, and waits for the answer. */
  void roundTrip() throws SQLException {
    ask("select 1");
  }

  final void ask(String nothing) throws SQLException {
    try (Statement probe = connection.createStatement()) {
      probe.execute(nothing);
    }
  }

  /** Whether a cancel that strikes an open transaction ends it. */
  boolean losesTransaction() throws SQLException {
    return false;
  }

  final boolean isCancelled(SQLException e) {
    String state = e.getSQLState();
    return StatementCall.QUERY_CANCELED.equals(state) || QUERY_INTERRUPTED.equals(state);
  }

  /** Whether the server has said this, so that a round trip was made. */
  boolean isAnswer(SQLException e) {
    String state = e.getSQLState();
    // Errors of the driver itself have states of their own, or none.
    return state != null && !state.startsWith("08") && !state.startsWith("S1") && !state.isEmpty();
  }

  final boolean isClosed() throws SQLException {
    return connection.isClosed();
  }

  /** Ends the connection at once, whatever it does. */
  final void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // What cannot be aborted is closed already.
    }
  }
}
