package dev.cleanbreak.bench;

import dev.cleanbreak.drivers.Client;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** {@code select 1}. */
final class JdbcTrip implements RoundTrip {
  private final Connection connection;
  private final Statement statement;

  JdbcTrip(Client client, boolean clean) throws SQLException {
    connection = DriverManager.getConnection(clean ? client.url() : client.plainUrl());
    statement = connection.createStatement();
  }

  @Override
  public void run() throws SQLException {
    try (ResultSet result = statement.executeQuery("select 1")) {
      if (!result.next() || result.getInt(1) != 1) {
        throw new IllegalStateException("not 1");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
