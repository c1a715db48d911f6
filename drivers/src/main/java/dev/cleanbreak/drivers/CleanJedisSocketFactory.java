package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Connects Jedis to one Redis server by a {@link CleanSocket}, plain or under TLS as the client's
 * configuration says. Thread-safe.
 */
public final class CleanJedisSocketFactory implements JedisSocketFactory {
  private final HostAndPort server;
  private final JedisClientConfig config;
  private final SocketSettings settings;
  private final CleanSocketFactory sockets;

  /** A factory with the {@linkplain SocketSettings#standard standard settings}. */
  public CleanJedisSocketFactory(HostAndPort server, JedisClientConfig config) {
    this(server, config, SocketSettings.standard());
  }

  /**
   * A factory of sockets with {@code settings}.
   *
   * @param config where it has a connect timeout or a socket timeout, in milliseconds, that one is
   *     taken and not the one of {@code settings}
   */
  public CleanJedisSocketFactory(
      HostAndPort server, JedisClientConfig config, SocketSettings settings) {
    this.server = Objects.requireNonNull(server, "server");
    this.config = Objects.requireNonNull(config, "config");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.sockets = new CleanSocketFactory(settings);
  }

  /**
   * A connected socket, with its TLS handshake done if there is one. Blocks, and can be cut.
   *
   * @throws JedisConnectionException if it cannot be made or was cut; the socket is closed, and the
   *     cause says why
   */
  @Override
  public Socket createSocket() {
    HostAndPort target = mapped();
    try {
      CleanSocket plain = connected(target);
      try {
        return config.isSsl() ? secured(plain, target) : plain;
      } catch (Throwable failed) {
        plain.close();
        throw failed;
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new JedisConnectionException("Failed to connect to " + target + ".", e);
    }
  }

  /** Connected to the address of the server that answers first. */
  private CleanSocket connected(HostAndPort target) throws IOException {
    CleanSocket socket = sockets.createSocket();
    try {
      prepare(socket);
      socket.connect(
          InetSocketAddress.createUnresolved(target.getHost(), target.getPort()),
          config.getConnectionTimeoutMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private HostAndPort mapped() {
    @Nullable HostAndPort mapped =
        config.getHostAndPortMapper() == null
            ? null
            : config.getHostAndPortMapper().getHostAndPort(server);
    return mapped == null ? server : mapped;
  }

  /** As Jedis prepares its own sockets. */
  private void prepare(CleanSocket socket) throws IOException {
    socket.setReuseAddress(true);
    socket.setKeepAlive(true);
    socket.setTcpNoDelay(true);
    // A close is a reset: what a cut command has left behind does not reach the server.
    socket.setSoLinger(true, 0);
    if (config.getSocketTimeoutMillis() > 0) {
      socket.setSoTimeout(config.getSocketTimeoutMillis());
    }
  }

  /** Jedis takes its older TLS settings, which it calls deprecated, as long as they are there. */
  @SuppressWarnings("deprecation")
  private Socket secured(CleanSocket plain, HostAndPort target)
      throws IOException, GeneralSecurityException {
    @Nullable SslOptions options = config.getSslOptions();
    @Nullable SSLParameters parameters =
        options == null ? config.getSslParameters() : options.getSslParameters();
    @Nullable HostnameVerifier verifier = config.getHostnameVerifier();
    SSLSocket secure =
        (SSLSocket)
            sslSockets(options).createSocket(plain, target.getHost(), target.getPort(), true);
    if (parameters == null) {
      parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    if (verifier != null && !verifier.verify(target.getHost(), secure.getSession())) {
      throw new IOException(
          "the certificate of "
              + target
              + " was refused by the configured host name verifier, "
              + verifier.getClass().getName());
    }
    return secure;
  }

  @SuppressWarnings("deprecation")
  private SSLSocketFactory sslSockets(@Nullable SslOptions options)
      throws IOException, GeneralSecurityException {
    if (options != null) {
      return new CleanSslSocketFactory(options.createSslContext(), settings);
    }
    @Nullable SSLSocketFactory given = config.getSslSocketFactory();
    return given == null ? new CleanSslSocketFactory() : given;
  }

  @Override
  public String toString() {
    return "CleanJedisSocketFactory[" + server + ", " + settings + "]";
  }
}
