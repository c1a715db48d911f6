package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.SocketSettings;
import java.util.Objects;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;

/**
 * Connection pools of Apache HttpClient 5 over {@link dev.cleanbreak.CleanSocket}s.
 *
 * <p>HttpClient has no public place for a socket factory. This uses the one it has, {@code
 * createConnectionOperator} with a {@code DetachedSocketFactory}, which it marks as internal: seen
 * to work with 5.6.
 */
public final class CleanHttpClient {
  private CleanHttpClient() {}

  /** Builds pools of connections with {@code settings}, under TLS by the default SSL context. */
  public static PoolingHttpClientConnectionManagerBuilder connections(SocketSettings settings) {
    return connections(settings, new CleanSslSocketFactory());
  }

  /**
   * Builds pools of connections with {@code settings}.
   *
   * @param tls makes the sessions of https; the host name is checked. Another {@code
   *     TlsSocketStrategy} may be set in the builder.
   */
  public static PoolingHttpClientConnectionManagerBuilder connections(
      SocketSettings settings, CleanSslSocketFactory tls) {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(tls, "tls");
    return new Builder(settings).setTlsSocketStrategy(new CleanTlsSocketStrategy(tls));
  }

  private static final class Builder extends PoolingHttpClientConnectionManagerBuilder {
    private final SocketSettings settings;

    Builder(SocketSettings settings) {
      this.settings = settings;
    }

    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
      return new DefaultHttpClientConnectionOperator(
          proxy ->
              proxy == null
                  ? new CleanSocketFactory(settings).createSocket()
                  : new CleanSocketFactory(settings, proxy).createSocket(),
          ports,
          names,
          RegistryBuilder.<TlsSocketStrategy>create().register(URIScheme.HTTPS.id, tls).build());
    }
  }
}
