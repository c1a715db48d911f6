package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CutKind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** pgjdbc over TLS: the JDK's above a CleanSocket, and Cleanbreak's own. */
@Timeout(60)
class PostgresTlsTest {
  private static final String JDK = "&sslmode=require";
  private static final String CLEAN =
      "&sslmode=verify-full&sslfactory=dev.cleanbreak.CleanSslSocketFactory";

  private final SSLContext before = standard();

  private static SSLContext standard() {
    try {
      return SSLContext.getDefault();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void trust() throws Exception {
    SSLContext.setDefault(Servers.postgresIdentity().trusting());
  }

  @AfterEach
  void reset() {
    SSLContext.setDefault(before);
  }

  private static Connection connect(String tls) throws SQLException {
    String url = Client.POSTGRESQL.url().replace("&sslmode=disable", tls);
    Connection connection = DriverManager.getConnection(url);
    try (Statement statement = connection.createStatement();
        ResultSet used =
            statement.executeQuery("select ssl from pg_stat_ssl where pid = pg_backend_pid()")) {
      used.next();
      assertTrue(used.getBoolean(1), "not encrypted");
    }
    return connection;
  }

  @ParameterizedTest
  @ValueSource(strings = {JDK, CLEAN})
  void aDeadlineEndsAQuery(String tls) throws Exception {
    try (Connection connection = connect(tls);
        Statement statement = connection.createStatement()) {
      SQLException said =
          assertThrows(
              SQLException.class,
              () ->
                  CancelScope.within(Duration.ofMillis(200))
                      .run(() -> statement.execute("select pg_sleep(3)")));
      assertEquals("08006", said.getSQLState());
      assertEquals(CutKind.DEADLINE, Said.cuts(said).getFirst().kind());
      assertTrue(connection.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {JDK, CLEAN})
  void byProtocolTheSessionGoesOn(String tls) throws Exception {
    try (Connection connection = connect(tls);
        Statement statement = connection.createStatement()) {
      SQLException said =
          assertThrows(
              SQLException.class,
              () ->
                  CancelScope.within(Duration.ofMillis(200))
                      .run(() ->
                          ProtocolCancel.within(Duration.ofSeconds(10))
                              .run(statement, () -> statement.execute("select pg_sleep(60)"))));
      assertEquals("57014", said.getSQLState());
      assertEquals(CutKind.DEADLINE, Said.cuts(said).getFirst().kind());
      assertFalse(connection.isClosed());
      assertEquals(7, Client.number(connection, "select 7"));
    }
  }
}
