package dev.cleanbreak.examples.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application against a real PostgreSQL. */
@Timeout(120)
class OrdersAppTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private static EmbeddedPostgres database;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startDatabase() throws IOException {
    database = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60)).start();
  }

  @AfterAll
  static void stopDatabase() throws IOException {
    database.close();
  }

  @Test
  void aRequestThatIsLateIsAnsweredAndCostsNoConnection() throws Exception {
    OrdersApp app = new OrdersApp(database.getPort(), Duration.ofSeconds(1), LONG);
    try {
      assertEquals("200 3 orders", get(app, "orders"));
      Set<Integer> before = sessions(app);
      String late = get(app, "report");
      assertTrue(late.startsWith("503 "), late);
      assertTrue(late.contains("deadline passed (scope \"/report\")"), late);
      assertEquals("200 3 orders", get(app, "orders"));
      assertTrue(before.containsAll(sessions(app)), "no connection was replaced");
    } finally {
      app.shutDown();
    }
  }

  @Test
  void theShutdownCancelsWhatRunsAndAnswersIt() throws Exception {
    OrdersApp app = new OrdersApp(database.getPort(), LONG, Duration.ofMillis(200));
    CompletableFuture<HttpResponse<String>> report;
    try {
      report = client.sendAsync(request(app, "report"), HttpResponse.BodyHandlers.ofString());
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (app.pool().getHikariPoolMXBean().getActiveConnections() == 0) {
        assertTrue(System.nanoTime() - end < 0, "the report does not begin");
        LockSupport.parkNanos(1_000_000);
      }
    } finally {
      app.shutDown();
    }
    HttpResponse<String> answer = report.get(60, TimeUnit.SECONDS);
    assertEquals(503, answer.statusCode());
    assertTrue(answer.body().contains("the application shuts down"), answer::body);
  }

  private String get(OrdersApp app, String path) throws Exception {
    HttpResponse<String> response =
        client.send(request(app, path), HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body().strip();
  }

  private static HttpRequest request(OrdersApp app, String path) {
    return HttpRequest.newBuilder(app.uri().resolve(path)).build();
  }

  /** The server's processes for this pool's connections. */
  private static Set<Integer> sessions(OrdersApp app) throws SQLException {
    try (Connection connection = app.pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select pid from pg_stat_activity where backend_type = 'client backend'")) {
      Set<Integer> found = new HashSet<>();
      while (rows.next()) {
        found.add(rows.getInt(1));
      }
      return found;
    }
  }
}
