package dev.cleanbreak.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** HikariCP over Cleanbreak sockets to a PostgreSQL on this host. */
public final class CleanPool {
  private CleanPool() {}

  /**
   * Opens a pool.
   *
   * @param port where the PostgreSQL listens
   * @param connections at most
   */
  public static HikariDataSource open(int port, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres");
    config.setUsername("postgres");
    config.setMaximumPoolSize(connections);
    // The one line that puts the driver on Cleanbreak sockets.
    config.addDataSourceProperty("socketFactory", "dev.cleanbreak.CleanSocketFactory");
    return new HikariDataSource(config);
  }
}
