package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cleanbreak.CancelScope;
import dev.cleanbreak.Cut;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import java.io.StringWriter;
import java.security.Security;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The code of the JDBC pages in docs/drivers. What stands between snippet marks is there. */
@Timeout(60)
class JdbcRecipesTest {
  @BeforeAll
  static void startServers() {
    Servers.warmUp();
  }

  @Test
  void postgresql() throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:" + Servers.postgres() + "/postgres";
    // snippet: postgresql
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("socketFactory", "dev.cleanbreak.CleanSocketFactory");
    properties.setProperty("socketFactoryArg", "connectTimeout=5s,writeTimeout=30s");
    Connection connection = DriverManager.getConnection(url, properties);
    // end
    try (connection) {
      assertEquals(7, Client.number(connection, "select 7"));
    }
  }

  @Test
  void mariadb() throws Exception {
    String server = "127.0.0.1:" + Servers.maria();
    // snippet: mariadb
    String url =
        "jdbc:mariadb://"
            + server
            + "/test?user=root"
            + "&socketFactory=dev.cleanbreak.drivers.MariaDbSocketFactory"
            + "&socketFactoryArg=writeTimeout=30s,interruptPolicy=ignore";
    Connection connection = DriverManager.getConnection(url);
    // end
    try (connection) {
      assertTrue(ignoresInterrupts(connection));
    }
  }

  @Test
  void mysql() throws Exception {
    String server = "127.0.0.1:" + Servers.maria();
    // snippet: mysql
    String url =
        "jdbc:mysql://"
            + server
            + "/test?user=root"
            + "&socketFactory=dev.cleanbreak.drivers.MySqlSocketFactory"
            + "&socketFactoryArg=writeTimeout=30s,interruptPolicy=ignore";
    Connection connection = DriverManager.getConnection(url);
    // end
    try (connection) {
      assertTrue(ignoresInterrupts(connection));
    }
  }

  /** Whether the settings of the URL have come to the socket. */
  private static boolean ignoresInterrupts(Connection connection) throws SQLException {
    Thread.currentThread().interrupt();
    try {
      return Client.number(connection, "select 7") == 7;
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void mariaDbTls() throws Exception {
    String server = "localhost:" + Servers.maria();
    String certificate = Servers.identity().certificate.toString();
    // snippet: mariadbtls
    String url =
        "jdbc:mariadb://"
            + server
            + "/test?user=root"
            + "&socketFactory=dev.cleanbreak.drivers.MariaDbSocketFactory"
            + "&sslMode=verify-full&serverSslCert="
            + certificate
            + "&tlsSocketType=cleanbreak";
    Connection connection = DriverManager.getConnection(url);
    // end
    try (connection) {
      assertEquals(1, Client.number(connection, Client.MARIADB.isEncrypted()));
    }
  }

  @Test
  void mySqlTls() throws Exception {
    String server = "localhost:" + Servers.maria();
    String trust = Servers.identity().trust.toUri().toString();
    String password = Servers.identity().trustPassword;
    // snippet: mysqltls
    Security.addProvider(new CleanTlsProvider()); // once in the program
    String url =
        "jdbc:mysql://"
            + server
            + "/test?user=root"
            + "&socketFactory=dev.cleanbreak.drivers.MySqlSocketFactory"
            + "&sslContextProvider=Cleanbreak"
            + "&sslMode=VERIFY_IDENTITY"
            + "&trustCertificateKeyStoreType=PKCS12"
            + "&trustCertificateKeyStoreUrl="
            + trust
            + "&trustCertificateKeyStorePassword="
            + password;
    Connection connection = DriverManager.getConnection(url);
    // end
    try (connection) {
      assertEquals(1, Client.number(connection, Client.MYSQL.isEncrypted()));
    }
  }

  @Test
  void copyByProtocol() throws Exception {
    StringWriter file = new StringWriter();
    try (Connection connection = Client.POSTGRESQL.connect()) {
      String endless = "copy (select generate_series(1, 2000000000)) to stdout";
      CancelScope request = CancelScope.within("request 4711", Duration.ofMillis(200));
      // snippet: copybyprotocol
      CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
      ProtocolCancel byProtocol = ProtocolCancel.within(Duration.ofSeconds(5));
      SQLException e =
          assertThrows(
              SQLException.class,
              () ->
                  request.run(() -> {
                    try (Statement any = connection.createStatement()) { // of this connection
                      byProtocol.run(any, () -> copies.copyOut(endless, file));
                    }
                  }));
      assertEquals("57014", e.getSQLState());
      assertFalse(connection.isClosed());
      // end
      assertEquals(7, Client.number(connection, "select 7"));
    }
  }

  @Test
  void byProtocol() throws Exception {
    String sql = Client.POSTGRESQL.sleep(60);
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    config.setJdbcUrl(Client.POSTGRESQL.url());
    StringBuilder log = new StringBuilder();
    try (HikariDataSource pool = new HikariDataSource(config)) {
      long before;
      try (Connection connection = pool.getConnection()) {
        before = Client.number(connection, Client.POSTGRESQL.id());
      }
      // snippet: byprotocol
      ProtocolCancel byProtocol = ProtocolCancel.within(Duration.ofSeconds(5));
      CancelScope request = CancelScope.within("request 4711", Duration.ofMillis(200));
      try {
        request.run(() -> {
          try (Connection connection = pool.getConnection();
              Statement statement = connection.createStatement();
              ResultSet rows = byProtocol.call(statement, () -> statement.executeQuery(sql))) {
            while (rows.next()) {
              log.append(rows.getString(1));
            }
          }
        });
      } catch (SQLException e) { // what the server said, such as SQLState 57014
        for (Throwable each : e.getSuppressed()) {
          if (each instanceof CutException cut) {
            log.append(cut.cut()); // ... deadline passed (scope "request 4711") ...
          }
        }
      }
      // end
      assertTrue(log.toString().contains("request 4711"), log::toString);
      try (Connection connection = pool.getConnection()) {
        assertEquals(before, Client.number(connection, Client.POSTGRESQL.id()));
      }
    }
  }

  /** What the pool says by itself, here the rollback, is not in the call. */
  @ParameterizedTest
  @EnumSource
  void transaction(Client client) throws Exception {
    String sql = client.sleep(60);
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    config.setJdbcUrl(client.url());
    ProtocolCancel byProtocol = ProtocolCancel.within(Duration.ofSeconds(5));
    try (HikariDataSource pool = new HikariDataSource(config)) {
      long before;
      try (Connection connection = pool.getConnection()) {
        before = Client.number(connection, client.id());
      }
      CancelScope request = CancelScope.within("request 4712", Duration.ofMillis(200));
      SQLException said =
          assertThrows(
              SQLException.class,
              () ->
                  request.run(() -> {
                    // snippet: transaction
                    Duration limit = Duration.ofSeconds(5);
                    Connection connection = CancelScope.shielded(limit).call(pool::getConnection);
                    try (Statement statement = connection.createStatement()) {
                      connection.setAutoCommit(false);
                      byProtocol.run(statement, () -> statement.execute(sql));
                      connection.commit();
                    } finally {
                      CancelScope.shielded(limit).run(connection::close); // the pool rolls back
                    }
                    // end
                  }));
      assertTrue(client.saysCancelled(said), said::toString);
      try (Connection connection = pool.getConnection()) {
        assertEquals(before, Client.number(connection, client.id()));
      }
    }
  }

  @Test
  void theCutIsInTheChain() throws Exception {
    try (Connection connection = Client.POSTGRESQL.connect();
        Statement statement = connection.createStatement()) {
      SQLException e =
          assertThrows(
              SQLException.class,
              () ->
                  CancelScope.within(Duration.ofMillis(100))
                      .run(() -> statement.execute("select pg_sleep(2)")));
      // snippet: jdbccause
      Cut cut = null;
      for (Throwable each = e; each != null; each = each.getCause()) {
        if (each instanceof CutException found) {
          cut = found.cut(); // who, where, when and why
        }
      }
      // end
      assertEquals(CutKind.DEADLINE, cut.kind());
    }
  }

  /** What the page warns of: the driver repeats a read that timed out, if it set no timeout. */
  @Test
  void aReadTimeoutOfTheSettingsAloneEndsNoQueryOfPgjdbc() throws Exception {
    String url = Client.POSTGRESQL.url() + "&socketFactoryArg=readTimeout=100ms";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertTrue(statement.execute("select pg_sleep(0.5)"));
    }
    try (Connection connection = DriverManager.getConnection(url + "&socketTimeout=1");
        Statement statement = connection.createStatement()) {
      SQLException e =
          assertThrows(SQLException.class, () -> statement.execute("select pg_sleep(3)"));
      assertEquals(CutKind.TIMEOUT, Said.cuts(e).getFirst().kind());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnusableArgumentIsSaid(Client client) {
    String url =
        client
            .url()
            .replace("dev.cleanbreak.CleanSocketFactory", factory(client))
            .concat("&socketFactoryArg=readTimeOut=5s");
    SQLException e = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
    assertTrue(Said.text(e).contains("no setting is called \"readTimeOut\""), () -> Said.text(e));
  }

  @ParameterizedTest
  @EnumSource
  void aFactoryThatIsNotThereIsSaid(Client client) {
    String url = client.url().replaceAll("dev\\.cleanbreak\\.[.\\w]+", "dev.cleanbreak.Missing");
    SQLException e = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
    assertTrue(Said.text(e).contains("dev.cleanbreak.Missing"), () -> Said.text(e));
  }

  private static String factory(Client client) {
    return client == Client.MARIADB
        ? MariaDbSocketFactory.class.getName()
        : "dev.cleanbreak.CleanSocketFactory";
  }

  /** Cleanbreak's TLS, but the driver's own sockets. */
  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "MYSQL"})
  void tlsOverAnotherSocketIsRefused(Client client) throws Exception {
    CleanTlsProviderTest.register();
    String url = client.tlsUrl(client.port()).replaceAll("&socketFactory=[^&]+", "");
    SQLException e = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
    assertTrue(Said.text(e).contains("TLS over a java.net.Socket"), () -> Said.text(e));
    try (Connection onlooker = DriverManager.getConnection(client.plainUrl())) {
      Conditions.await("no session is left", () -> Client.number(onlooker, client.sessions()) == 0);
    }
  }

  @Test
  void aTlsPluginThatIsNotThereIsSaid() {
    String url = Client.MARIADB.tlsUrl(Servers.maria()).replace("=cleanbreak", "=cleenbreak");
    SQLException e = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
    assertTrue(Said.text(e).contains("'cleenbreak'"), () -> Said.text(e));
  }

  @Test
  void aTlsProviderThatIsNotRegisteredIsSaid() {
    String url = Client.MYSQL.tlsUrl(Servers.maria()).replace("=Cleanbreak", "=Cleenbreak");
    SQLException e = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
    assertTrue(Said.text(e).contains("Ensure it is property registered"), () -> Said.text(e));
  }
}
