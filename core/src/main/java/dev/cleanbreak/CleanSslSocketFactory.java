package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link CleanSslSocket}s for everything that takes an {@link SSLSocketFactory}. Thread-safe.
 *
 * <p>The handshake comes with the first read, write, {@code startHandshake} or {@code getSession}.
 * A socket that could not be connected is closed before the exception is thrown.
 */
public final class CleanSslSocketFactory extends SSLSocketFactory {
  private final SSLContext context;
  private final SocketSettings settings;

  /**
   * A factory with the {@linkplain SSLContext#getDefault default context} and the {@linkplain
   * SocketSettings#standard standard settings}.
   *
   * @throws IllegalStateException if the default context cannot be made
   */
  public CleanSslSocketFactory() {
    this(defaultContext(), SocketSettings.standard());
  }

  /** A factory of sockets with {@code settings}, whose sessions belong to {@code context}. */
  public CleanSslSocketFactory(SSLContext context, SocketSettings settings) {
    this.context = Objects.requireNonNull(context, "context");
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  /** A factory with the default context, in the form that JNDI looks for. */
  public static SocketFactory getDefault() {
    return new CleanSslSocketFactory();
  }

  static SSLContext defaultContext() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "the default SSLContext cannot be made: " + e.getMessage() + "; give one", e);
    }
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return context.getDefaultSSLParameters().getCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return context.getSupportedSSLParameters().getCipherSuites();
  }

  // ---- over a connected socket

  /**
   * A client's session over {@code beneath}.
   *
   * @param beneath a connected {@link CleanSocket}
   * @param host the peer's name, for resumption, SNI and endpoint identification; null if unknown
   * @param port the peer's port
   * @param autoClose whether {@code beneath} is closed with the session
   * @throws IllegalArgumentException if {@code beneath} is not a {@code CleanSocket}: a session can
   *     only be cut cleanly over a connection that can
   */
  @Override
  public CleanSslSocket createSocket(
      Socket beneath, @Nullable String host, int port, boolean autoClose) throws IOException {
    CleanSocket clean = connectedCleanSocket(beneath);
    return new CleanSslSocket(context, clean, host, port, true, new byte[0], autoClose);
  }

  /**
   * A server's session over {@code beneath}, as for a socket that was accepted.
   *
   * @param beneath a connected {@link CleanSocket}
   * @param consumed what was already read from it, to its end; null if nothing
   * @param autoClose whether {@code beneath} is closed with the session
   * @throws IllegalArgumentException if {@code beneath} is not a {@code CleanSocket}
   */
  @Override
  public CleanSslSocket createSocket(
      Socket beneath, @Nullable InputStream consumed, boolean autoClose) throws IOException {
    CleanSocket clean = connectedCleanSocket(beneath);
    byte[] read = consumed == null ? new byte[0] : consumed.readAllBytes();
    return new CleanSslSocket(context, clean, null, 0, false, read, autoClose);
  }

  private static CleanSocket connectedCleanSocket(Socket beneath) throws SocketException {
    Objects.requireNonNull(beneath, "the socket beneath");
    if (beneath instanceof CleanSslSocket) {
      throw new IllegalArgumentException(
          "TLS over a CleanSslSocket (TLS in TLS) is not supported; give a connected CleanSocket");
    }
    if (!(beneath instanceof CleanSocket clean)) {
      throw new IllegalArgumentException(
          "TLS over a "
              + beneath.getClass().getName()
              + " cannot be cut cleanly; give a connected dev.cleanbreak.CleanSocket");
    }
    if (!clean.isConnected()) {
      throw new SocketException("Underlying socket is not connected");
    }
    return clean;
  }

  // ---- with a socket of its own

  /** An unconnected client socket. */
  @Override
  public CleanSslSocket createSocket() throws IOException {
    return new CleanSslSocket(context, new CleanSocket(settings));
  }

  /**
   * A socket connected to a host, which is also the name that its certificate must match where that
   * is checked.
   *
   * @param host null stands for the loopback address
   */
  @Override
  public CleanSslSocket createSocket(@Nullable String host, int port) throws IOException {
    return connected(CleanSocket.addressOf(host, port), host, null);
  }

  /** As {@link #createSocket(String, int)}, from a local address. */
  @Override
  public CleanSslSocket createSocket(
      @Nullable String host, int port, @Nullable InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        CleanSocket.addressOf(host, port), host, new InetSocketAddress(localHost, localPort));
  }

  /**
   * A socket connected to an address. The peer is known by the literal address: a name that an
   * {@code InetAddress} has may come from a reverse lookup, which proves nothing. Where the
   * certificate must match a name, give the name.
   */
  @Override
  public CleanSslSocket createSocket(InetAddress address, int port) throws IOException {
    return connected(CleanSocket.addressOf(address, port), address.getHostAddress(), null);
  }

  /** As {@link #createSocket(InetAddress, int)}, from a local address. */
  @Override
  public CleanSslSocket createSocket(
      InetAddress address, int port, @Nullable InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        CleanSocket.addressOf(address, port),
        address.getHostAddress(),
        new InetSocketAddress(localHost, localPort));
  }

  private CleanSslSocket connected(
      InetSocketAddress remote, @Nullable String host, @Nullable InetSocketAddress local)
      throws IOException {
    CleanSslSocket socket = createSocket();
    socket.connectOrClose(remote, local, host == null ? remote.getHostString() : host);
    return socket;
  }
}
