package dev.cleanbreak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Objects;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes {@link CleanServerSocket}s. Thread-safe. */
public final class CleanServerSocketFactory extends ServerSocketFactory {
  private static final int DEFAULT_BACKLOG = 0;

  private final SocketSettings settings;

  /** A factory with the {@linkplain SocketSettings#standard standard settings}. */
  public CleanServerSocketFactory() {
    this(SocketSettings.standard());
  }

  /** A factory of server sockets with {@code settings}; what they accept has them, too. */
  public CleanServerSocketFactory(SocketSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  /** A factory with the standard settings. */
  public static ServerSocketFactory getDefault() {
    return new CleanServerSocketFactory();
  }

  @Override
  public CleanServerSocket createServerSocket() {
    return new CleanServerSocket(settings);
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return bound(port, DEFAULT_BACKLOG, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return bound(port, backlog, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return bound(port, backlog, address);
  }

  private ServerSocket bound(int port, int backlog, @Nullable InetAddress address)
      throws IOException {
    CleanServerSocket listener = createServerSocket();
    try {
      listener.bind(new InetSocketAddress(address, port), backlog);
      return listener;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }
}
