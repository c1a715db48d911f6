package dev.cleanbreak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes {@link CleanSslServerSocket}s. Thread-safe. */
public final class CleanSslServerSocketFactory extends SSLServerSocketFactory {
  private static final int DEFAULT_BACKLOG = 0;

  private final SSLContext context;
  private final SocketSettings settings;

  /**
   * A factory with the {@linkplain SSLContext#getDefault default context} and the {@linkplain
   * SocketSettings#standard standard settings}.
   *
   * @throws IllegalStateException if the default context cannot be made
   */
  public CleanSslServerSocketFactory() {
    this(CleanSslSocketFactory.defaultContext(), SocketSettings.standard());
  }

  /** A factory of server sockets with {@code settings}; what they accept has them, too. */
  public CleanSslServerSocketFactory(SSLContext context, SocketSettings settings) {
    this.context = Objects.requireNonNull(context, "context");
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  /** A factory with the default context and the standard settings. */
  public static ServerSocketFactory getDefault() {
    return new CleanSslServerSocketFactory();
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return context.getServerSocketFactory().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return context.getSupportedSSLParameters().getCipherSuites();
  }

  @Override
  public CleanSslServerSocket createServerSocket() throws IOException {
    return new CleanSslServerSocket(context, new CleanServerSocket(settings));
  }

  @Override
  public CleanSslServerSocket createServerSocket(int port) throws IOException {
    return bound(port, DEFAULT_BACKLOG, null);
  }

  @Override
  public CleanSslServerSocket createServerSocket(int port, int backlog) throws IOException {
    return bound(port, backlog, null);
  }

  @Override
  public CleanSslServerSocket createServerSocket(
      int port, int backlog, @Nullable InetAddress address) throws IOException {
    return bound(port, backlog, address);
  }

  private CleanSslServerSocket bound(int port, int backlog, @Nullable InetAddress address)
      throws IOException {
    CleanSslServerSocket listener = createServerSocket();
    try {
      listener.bind(new InetSocketAddress(address, port), backlog);
      return listener;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }
}
