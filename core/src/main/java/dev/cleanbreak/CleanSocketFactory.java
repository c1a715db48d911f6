package dev.cleanbreak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.Objects;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link CleanSocket}s for everything that takes a {@link SocketFactory}. Thread-safe.
 *
 * <p>A socket that could not be connected is closed before the exception is thrown.
 */
public final class CleanSocketFactory extends SocketFactory {
  private final SocketSettings settings;
  private final ProxyRoute route;

  /** A factory with the {@linkplain SocketSettings#standard standard settings}. */
  public CleanSocketFactory() {
    this(SocketSettings.standard());
  }

  /**
   * A factory with settings written down, in the form that configuration files give: pgjdbc's
   * {@code socketFactoryArg}, which is null where none is given.
   *
   * @param settings null for the standard settings
   * @throws IllegalArgumentException if {@link SocketSettings#parse} does not understand it
   */
  public CleanSocketFactory(@Nullable String settings) {
    this(settings == null ? SocketSettings.standard() : SocketSettings.parse(settings));
  }

  /** A factory of sockets with {@code settings}. */
  public CleanSocketFactory(SocketSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.route = ProxyRoute.SELECTED;
  }

  /**
   * A factory of sockets with {@code settings} that connect through {@code proxy}. Host names are
   * looked up here where they can be, and else left to the proxy.
   *
   * @throws IllegalArgumentException if {@code proxy} is null, or neither {@link Proxy#NO_PROXY}
   *     nor one with a socket address
   */
  public CleanSocketFactory(SocketSettings settings, Proxy proxy) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.route = ProxyRoute.through(proxy);
  }

  /** A factory with the standard settings, in the form that JNDI looks for. */
  public static SocketFactory getDefault() {
    return new CleanSocketFactory();
  }

  @Override
  public CleanSocket createSocket() throws IOException {
    return new CleanSocket(new StreamConnection(settings), route);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(CleanSocket.addressOf(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        CleanSocket.addressOf(host, port), new InetSocketAddress(localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(CleanSocket.addressOf(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        CleanSocket.addressOf(host, port), new InetSocketAddress(localHost, localPort));
  }

  private CleanSocket connected(InetSocketAddress remote, @Nullable InetSocketAddress local)
      throws IOException {
    CleanSocket socket = createSocket();
    socket.connectOrClose(remote, local);
    return socket;
  }
}
