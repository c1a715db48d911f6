package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSslSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Objects;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the sockets of Angus Mail and JavaMail that speak TLS from their first byte on ({@code
 * ssl.enable}). Thread-safe.
 *
 * <p>Deliberately no {@code SSLSocketFactory}: over one, Angus Mail puts the session over a JDK
 * socket of its own. For STARTTLS, give {@code CleanSslSocketFactory} instead.
 */
public final class CleanMailTlsSocketFactory extends SocketFactory {
  private final CleanSslSocketFactory sockets;

  /**
   * A factory with the default context and the standard settings.
   *
   * @throws IllegalStateException if the default context cannot be made
   */
  public CleanMailTlsSocketFactory() {
    this(new CleanSslSocketFactory());
  }

  /** A factory of the sockets that {@code sockets} makes. */
  public CleanMailTlsSocketFactory(CleanSslSocketFactory sockets) {
    this.sockets = Objects.requireNonNull(sockets, "sockets");
  }

  /** A factory with the default context, in the form that {@code socketFactory.class} needs. */
  public static SocketFactory getDefault() {
    return new CleanMailTlsSocketFactory();
  }

  @Override
  public Socket createSocket() throws IOException {
    return sockets.createSocket();
  }

  @Override
  public Socket createSocket(@Nullable String host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(
      @Nullable String host, int port, @Nullable InetAddress localHost, int localPort)
      throws IOException {
    return sockets.createSocket(host, port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(
      InetAddress host, int port, @Nullable InetAddress localHost, int localPort)
      throws IOException {
    return sockets.createSocket(host, port, localHost, localPort);
  }
}
