package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.util.ConfigurableSocketFactory;

/**
 * Puts MariaDB Connector/J on {@link dev.cleanbreak.CleanSocket}s whose settings stand in the URL:
 * {@code
 * socketFactory=dev.cleanbreak.drivers.MariaDbSocketFactory&socketFactoryArg=writeTimeout=30s}, in
 * the words of {@link SocketSettings#parse}. Without {@code socketFactoryArg} they are the
 * {@linkplain SocketSettings#standard standard settings}.
 *
 * <p>Connector/J makes a factory for each socket.
 */
public final class MariaDbSocketFactory extends ConfigurableSocketFactory {
  static final String SETTINGS = "socketFactoryArg";

  private CleanSocketFactory sockets = new CleanSocketFactory();

  /** A factory as Connector/J makes it, not configured yet. */
  public MariaDbSocketFactory() {}

  /**
   * Takes the settings out of the connection's options.
   *
   * @throws IllegalArgumentException if {@link SocketSettings#parse} does not understand them
   */
  @Override
  public void setConfiguration(Configuration options, @Nullable String host) {
    sockets = new CleanSocketFactory(options.nonMappedOptions().getProperty(SETTINGS));
  }

  @Override
  public Socket createSocket() throws IOException {
    return sockets.createSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return sockets.createSocket(host, port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return sockets.createSocket(host, port, localHost, localPort);
  }
}
