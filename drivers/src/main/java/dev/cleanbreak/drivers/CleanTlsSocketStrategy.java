package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSslSocket;
import dev.cleanbreak.CleanSslSocketFactory;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.ssl.TLS;
import org.jspecify.annotations.Nullable;

/** Puts a session that can be cut over the connected socket of an HttpClient. */
final class CleanTlsSocketStrategy implements TlsSocketStrategy {
  private final CleanSslSocketFactory factory;

  CleanTlsSocketStrategy(CleanSslSocketFactory factory) {
    this.factory = factory;
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String target, int port, @Nullable Object attachment, HttpContext context)
      throws IOException {
    CleanSslSocket secure = factory.createSocket(socket, target, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    // As HttpClient's own strategy does: nothing older than TLS 1.2 unless it is asked for.
    parameters.setProtocols(TLS.excludeWeak(parameters.getProtocols()));
    if (attachment instanceof TlsConfig config) {
      if (config.getSupportedProtocols() != null) {
        parameters.setProtocols(config.getSupportedProtocols());
      }
      if (config.getSupportedCipherSuites() != null) {
        parameters.setCipherSuites(config.getSupportedCipherSuites());
      }
    }
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }
}
