package dev.cleanbreak.drivers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/** A session of pgjdbc, which may be absent. */
final class PostgresSession extends Session {
  private static final boolean DRIVER_IS_HERE = driverIsHere();

  PostgresSession(Statement driver) throws SQLException {
    super(driver);
  }

  private static boolean driverIsHere() {
    try {
      Class.forName("org.postgresql.PGConnection", false, PostgresSession.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  static boolean isOne(Statement driver) throws SQLException {
    return DRIVER_IS_HERE && Driver.isOne(driver.getConnection());
  }

  /** What needs the driver's classes; loaded only where they are. */
  private static final class Driver {
    static boolean isOne(Connection connection) {
      return connection instanceof PGConnection;
    }

    static void cancel(Connection connection) throws SQLException {
      ((PGConnection) connection).cancelQuery();
    }

    static boolean isFromServer(SQLException e) {
      return e instanceof PSQLException said && said.getServerErrorMessage() != null;
    }
  }

  /**
   * A second {@code Statement.cancel} does nothing: the driver remembers the first, which the
   * server may have dropped because the statement was still on its way.
   */
  @Override
  void cancelAgain() throws SQLException {
    Driver.cancel(connection);
  }

  @Override
  void roundTrip() throws SQLException {
    ask("");
  }

  @Override
  boolean losesTransaction() throws SQLException {
    return !connection.getAutoCommit();
  }

  @Override
  boolean isAnswer(SQLException e) {
    return Driver.isFromServer(e);
  }
}
