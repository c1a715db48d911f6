package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CutKind;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The drivers over TLS: the JDK's above a CleanSocket, and Cleanbreak's own. */
@Timeout(60)
class JdbcTlsTest {
  private static SSLContext before;

  /** What pgjdbc gives to CleanSslSocketFactory. */
  @BeforeAll
  static void trust() throws NoSuchAlgorithmException {
    before = SSLContext.getDefault();
    SSLContext.setDefault(TlsCredentials.trustingServer());
    CleanTlsProviderTest.register();
  }

  @AfterAll
  static void reset() {
    SSLContext.setDefault(before);
  }

  static List<Arguments> ways() {
    List<Arguments> ways = new ArrayList<>();
    for (Client client : Client.values()) {
      ways.add(Arguments.of(client, false));
      ways.add(Arguments.of(client, true));
    }
    return ways;
  }

  private static Connection connect(Client client, boolean clean) throws SQLException {
    int port = client.port();
    Connection connection =
        DriverManager.getConnection(clean ? client.tlsUrl(port) : client.jdkTlsUrl(port));
    assertEquals(1, Client.number(connection, client.isEncrypted()), "not encrypted");
    return connection;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aDeadlineEndsAQuery(Client client, boolean clean) throws Exception {
    try (Connection connection = connect(client, clean);
        Statement statement = connection.createStatement()) {
      SQLException said =
          assertThrows(
              SQLException.class,
              () ->
                  CancelScope.within(Duration.ofMillis(200))
                      .run(() -> statement.execute(client.sleep(3))));
      assertTrue(said.getSQLState().startsWith("08"), said::toString);
      assertEquals(CutKind.DEADLINE, Said.cuts(said).getFirst().kind());
      assertTrue(connection.isClosed());
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void byProtocolTheSessionGoesOn(Client client, boolean clean) throws Exception {
    try (Connection connection = connect(client, clean);
        Statement statement = connection.createStatement()) {
      SQLException said =
          assertThrows(
              SQLException.class,
              () ->
                  CancelScope.within(Duration.ofMillis(200))
                      .run(() ->
                          ProtocolCancel.within(Duration.ofSeconds(10))
                              .run(statement, () -> statement.execute(client.sleep(60)))));
      assertTrue(client.saysCancelled(said), said::toString);
      assertEquals(CutKind.DEADLINE, Said.cuts(said).getFirst().kind());
      assertFalse(connection.isClosed());
      assertEquals(7, Client.number(connection, "select 7"));
    }
  }

  /** Cleanbreak's TLS trusts nobody whom the driver's options do not name. */
  @ParameterizedTest
  @MethodSource("ways")
  void aServerThatIsNotTrustedIsRefused(Client client, boolean clean) {
    SSLContext.setDefault(before);
    try {
      int port = client.port();
      String url =
          (clean ? client.tlsUrl(port) : client.jdkTlsUrl(port))
              .replace("sslmode=require", "sslmode=verify-full")
              .replaceAll("&(serverSslCert|trustCertificateKeyStore(Url|Type|Password))=[^&]*", "");
      SQLException said = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
      assertTrue(Said.text(said).contains("certif"), () -> Said.text(said));
    } finally {
      SSLContext.setDefault(TlsCredentials.trustingServer());
    }
  }
}
