package dev.cleanbreak.drivers;

import com.mysql.cj.jdbc.exceptions.MySQLStatementCancelledException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The JDBC drivers under test, on Cleanbreak sockets, each with a real server. */
public enum Client {
  POSTGRESQL {
    @Override
    String url(int port) {
      return "jdbc:postgresql://127.0.0.1:"
          + port
          + "/postgres?user=postgres&sslmode=disable&socketFactory=dev.cleanbreak.CleanSocketFactory";
    }

    @Override
    String tlsUrl(int port) {
      return jdkTlsUrl(port).replace("require", "verify-full")
          + "&sslfactory=dev.cleanbreak.CleanSslSocketFactory";
    }

    @Override
    String jdkTlsUrl(int port) {
      return url(port).replace("127.0.0.1", "localhost").replace("disable", "require");
    }

    @Override
    long bytesBeforeHandshake() {
      return 8;
    }

    @Override
    String isEncrypted() {
      return "select count(*) from pg_stat_ssl where ssl and pid = pg_backend_pid()";
    }

    @Override
    public String plainUrl() {
      return "jdbc:postgresql://127.0.0.1:" + port() + "/postgres?user=postgres&sslmode=disable";
    }

    @Override
    int port() {
      return Servers.postgres();
    }

    @Override
    String sleepFor(double seconds) {
      return "select pg_sleep(" + seconds + ")";
    }

    @Override
    String id() {
      return "select pg_backend_pid()";
    }

    @Override
    String sessions() {
      return "select count(*) from pg_stat_activity"
          + " where backend_type = 'client backend' and pid <> pg_backend_pid()";
    }

    @Override
    String running(String text) {
      return "select count(*) from pg_stat_activity where state = 'active'"
          + " and pid <> pg_backend_pid() and query like '%"
          + text
          + "%'";
    }

    @Override
    String idsRunning(String text) {
      return running(text).replace("count(*)", "pid");
    }

    @Override
    String termination(long id) {
      return "select pg_terminate_backend(" + id + ")";
    }

    @Override
    String cancellation(long id) {
      return "select pg_cancel_backend(" + id + ")";
    }

    @Override
    String bytes() {
      return "bytea";
    }

    @Override
    boolean saysCancelled(SQLException e) {
      return "57014".equals(e.getSQLState());
    }

    @Override
    String rows(int count) {
      return "select n, repeat('x', 1000) from generate_series(1, " + count + ") n";
    }
  },

  MARIADB {
    @Override
    String url(int port) {
      return "jdbc:mariadb://127.0.0.1:"
          + port
          + "/test?user=root&socketFactory=dev.cleanbreak.CleanSocketFactory";
    }

    @Override
    String tlsUrl(int port) {
      return jdkTlsUrl(port) + "&tlsSocketType=cleanbreak";
    }

    @Override
    String jdkTlsUrl(int port) {
      return url(port).replace("127.0.0.1", "localhost")
          + "&sslMode=verify-full&serverSslCert="
          + Servers.identity().certificate;
    }

    @Override
    public String plainUrl() {
      return "jdbc:mariadb://127.0.0.1:" + port() + "/test?user=root";
    }
  },

  MYSQL {
    @Override
    String url(int port) {
      return "jdbc:mysql://127.0.0.1:"
          + port
          + "/test?user=root&sslMode=DISABLED"
          + "&socketFactory=dev.cleanbreak.drivers.MySqlSocketFactory";
    }

    @Override
    String tlsUrl(int port) {
      return jdkTlsUrl(port) + "&sslContextProvider=Cleanbreak";
    }

    @Override
    String jdkTlsUrl(int port) {
      return url(port).replace("127.0.0.1", "localhost").replace("DISABLED", "VERIFY_IDENTITY")
          + "&trustCertificateKeyStoreUrl="
          + Servers.identity().trust.toUri()
          + "&trustCertificateKeyStoreType=PKCS12&trustCertificateKeyStorePassword="
          + Servers.identity().trustPassword;
    }

    @Override
    public String plainUrl() {
      return "jdbc:mysql://127.0.0.1:" + port() + "/test?user=root&sslMode=DISABLED";
    }

    /** Its own word comes without a state, where it is quicker than the server's. */
    @Override
    boolean saysCancelled(SQLException e) {
      return super.saysCancelled(e) || e instanceof MySQLStatementCancelledException;
    }
  };

  /** Where {@link #port} is another one than the server's, something stands in between. */
  abstract String url(int port);

  /** As {@link #url(int)}, under TLS of Cleanbreak's that checks the server's name. */
  abstract String tlsUrl(int port);

  /** As {@link #tlsUrl}, with the JDK's TLS over Cleanbreak's sockets: what the driver does. */
  abstract String jdkTlsUrl(int port);

  /** What it says in plain before the handshake: that it wants TLS. */
  long bytesBeforeHandshake() {
    return 36;
  }

  /** Asks whether the session is encrypted: 1 if it is. */
  String isEncrypted() {
    return "select count(*) from information_schema.session_status"
        + " where variable_name = 'SSL_CIPHER' and variable_value <> ''";
  }

  /** On the JDK's sockets, for those who look on. */
  public abstract String plainUrl();

  int port() {
    return Servers.maria();
  }

  final InetSocketAddress server() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
  }

  /** Starts the server, if it does not run yet; whoever asks for an address does as well. */
  public final void startServer() {
    port();
  }

  /** On Cleanbreak's sockets. */
  public final String url() {
    return url(port());
  }

  final Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  /** A statement that takes as long. */
  String sleep(int seconds) {
    return sleepFor(seconds);
  }

  String sleepFor(double seconds) {
    return "select sleep(" + seconds + ")";
  }

  /** Asks for the number of the session. */
  String id() {
    return "select connection_id()";
  }

  /** Asks for the number of sessions, but for the one that asks. */
  String sessions() {
    return "select count(*) from information_schema.processlist"
        + " where id <> connection_id() and command <> 'Daemon'";
  }

  /** Asks for the number of statements that run and contain a text. */
  String running(String text) {
    return "select count(*) from information_schema.processlist"
        + " where id <> connection_id() and command in ('Query', 'Execute') and info like '%"
        + text
        + "%'";
  }

  String idsRunning(String text) {
    return running(text).replace("count(*)", "id");
  }

  /** Ends a session. */
  String termination(long id) {
    return "kill connection " + id;
  }

  /** Ends the statement that a session runs. */
  String cancellation(long id) {
    return "kill query " + id;
  }

  /** The sessions whose statements contain a text. */
  final List<Long> ids(Connection connection, String text) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(idsRunning(text))) {
      while (result.next()) {
        ids.add(result.getLong(1));
      }
    }
    return ids;
  }

  final void terminate(Connection connection, long id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(termination(id));
    }
  }

  /** The type of a column of many bytes. */
  String bytes() {
    return "longblob";
  }

  /** Asks for that many rows of about 1000 bytes. */
  String rows(int count) {
    return "select seq, repeat('x', 1000) from seq_1_to_" + count;
  }

  /**
   * Whether it ended because it was cancelled by protocol: the ordinary error of a statement that
   * was cancelled by protocol.
   */
  boolean saysCancelled(SQLException e) {
    return "70100".equals(e.getSQLState());
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
