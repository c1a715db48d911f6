package dev.cleanbreak.examples.fanout;

import com.zaxxer.hikari.HikariDataSource;
import dev.cleanbreak.CancelScope;
import dev.cleanbreak.drivers.ProtocolCancel;
import dev.cleanbreak.examples.CleanPool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A PostgreSQL of its own, behind a pool with a single connection: a replaced one is noticed. */
final class Replica implements AutoCloseable {
  private final ProtocolCancel byProtocol = ProtocolCancel.within(Duration.ofSeconds(5));
  private final String name;
  private final EmbeddedPostgres server;
  private final HikariDataSource pool;

  private Replica(String name, EmbeddedPostgres server) {
    this.name = name;
    this.server = server;
    this.pool = CleanPool.open(server.getPort(), 1);
  }

  /**
   * Starts the server.
   *
   * @param name the server knows it as its {@code cluster_name}
   */
  static Replica start(String name) throws IOException {
    return new Replica(
        name,
        EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("cluster_name", name)
            .start());
  }

  String name() {
    return name;
  }

  EmbeddedPostgres server() {
    return server;
  }

  /** The first column of the first row. A cut or an interrupt costs no connection. */
  String answer(String question) throws SQLException {
    // snippet: answer
    // In a shield, because the pool may test the connection: cut in the middle of that, it is lost.
    try (Connection connection =
            CancelScope.shielded(Duration.ofSeconds(5)).call(pool::getConnection);
        Statement statement = connection.createStatement();
        ResultSet rows = byProtocol.call(statement, () -> statement.executeQuery(question))) {
      rows.next();
      return rows.getString(1);
    }
    // end
  }

  @Override
  public void close() throws IOException {
    pool.close();
    server.close();
  }
}
