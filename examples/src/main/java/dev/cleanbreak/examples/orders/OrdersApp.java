package dev.cleanbreak.examples.orders;

import com.zaxxer.hikari.HikariDataSource;
import dev.cleanbreak.examples.CleanPool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A Jetty with HikariCP and PostgreSQL. Its requests have a deadline; its shutdown lets those that
 * run end within a grace, then cancels them, and each still gets its answer.
 */
final class OrdersApp {
  private final HikariDataSource pool;
  private final RequestScopes scopes;
  private final Server server;
  private final Duration grace;

  /**
   * Starts it on a free port of the loopback address.
   *
   * @param database the port of a PostgreSQL on this host
   * @param limit the deadline of each request
   * @param grace what requests get at the end before they are cancelled
   */
  OrdersApp(int database, Duration limit, Duration grace) throws Exception {
    this.grace = grace;
    pool = CleanPool.open(database, 2);
    createOrders();
    scopes = new RequestScopes(limit);
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server = new Server(threads);
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new GracefulHandler(new OrdersHandler(pool, scopes)));
    server.setStopTimeout(grace.plusSeconds(10).toMillis());
    server.start();
  }

  private void createOrders() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists orders (id int primary key)");
      statement.execute("insert into orders values (1), (2), (3) on conflict do nothing");
    }
  }

  URI uri() {
    return server.getURI();
  }

  HikariDataSource pool() {
    return pool;
  }

  /** Accepts no more, waits for the grace, cancels what runs, and ends when all is answered. */
  void shutDown() throws Exception {
    Thread cutter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(grace);
                scopes.cancel();
              } catch (InterruptedException e) {
                // All requests were answered within the grace.
              }
            });
    try {
      server.stop();
    } finally {
      cutter.interrupt();
      pool.close();
    }
  }

  /** Runs it with a PostgreSQL of its own until Enter is pressed. */
  public static void main(String[] args) throws Exception {
    try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
      OrdersApp app =
          new OrdersApp(database.getPort(), Duration.ofSeconds(3), Duration.ofSeconds(2));
      System.out.println("curl " + app.uri() + "orders   # at once");
      System.out.println("curl " + app.uri() + "report   # 503 after 3 seconds");
      System.out.println("Press Enter to shut down, perhaps while a report runs.");
      System.in.read();
      app.shutDown();
    }
    System.out.println("All requests are answered, the pool and the database are closed.");
  }
}
