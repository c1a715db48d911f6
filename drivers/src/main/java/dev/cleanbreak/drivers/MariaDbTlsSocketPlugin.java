package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.TlsSocketPlugin;
import org.mariadb.jdbc.plugin.tls.main.DefaultTlsSocketPlugin;

/**
 * Puts Cleanbreak's TLS under MariaDB Connector/J: {@code tlsSocketType=cleanbreak}, with a {@code
 * socketFactory} of Cleanbreak's. Whom to trust, and as whom to speak, is read from the driver's
 * own options by the driver's own plug-in.
 *
 * <p>Connector/J makes a plug-in for each connection, asks it for the managers and then for the
 * socket. The factory that it gives along is the JDK's and does not show the managers in it; so
 * they are remembered here. Seen to work with 3.5.10.
 */
public final class MariaDbTlsSocketPlugin implements TlsSocketPlugin {
  private final TlsSocketPlugin standard = new DefaultTlsSocketPlugin();
  private TrustManager @Nullable [] trust;
  private KeyManager @Nullable [] keys;

  /** A plug-in as {@code ServiceLoader} makes it: for one connection. */
  public MariaDbTlsSocketPlugin() {}

  /** {@code cleanbreak}. */
  @Override
  public String type() {
    return "cleanbreak";
  }

  @Override
  public TrustManager[] getTrustManager(
      Configuration options, ExceptionFactory exceptions, HostAddress host) throws SQLException {
    TrustManager[] managers = standard.getTrustManager(options, exceptions, host);
    trust = managers;
    return managers;
  }

  @Override
  public KeyManager @Nullable [] getKeyManager(Configuration options, ExceptionFactory exceptions)
      throws SQLException {
    keys = standard.getKeyManager(options, exceptions);
    return keys;
  }

  /**
   * A session over {@code beneath}, by the managers that were asked for before.
   *
   * @throws IOException if {@code beneath} is not a {@code CleanSocket}; the driver would not close
   *     the socket after an unchecked exception
   */
  @Override
  public SSLSocket createSocket(Socket beneath, SSLSocketFactory ofTheJdk) throws IOException {
    if (trust == null) {
      // An SSLContext without managers would trust the JVM's certificate authorities.
      throw new IllegalStateException("getTrustManager was not called before createSocket");
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return TlsSocketPlugin.super.createSocket(
          beneath, new CleanSslSocketFactory(context, SocketSettings.standard()));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IOException("no SSLContext can be made: " + e.getMessage(), e);
    }
  }

  @Override
  public void verify(String host, SSLSession session, long serverThreadId) throws SSLException {
    standard.verify(host, session, serverThreadId);
  }
}
