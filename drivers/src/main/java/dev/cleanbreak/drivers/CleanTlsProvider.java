package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.SocketSettings;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Cleanbreak's TLS for clients that take no {@code SSLSocketFactory} but the name of a provider of
 * {@link SSLContext}s, such as MySQL Connector/J: {@code sslContextProvider=Cleanbreak}, once the
 * program has said
 *
 * <pre>{@code
 * Security.addProvider(new CleanTlsProvider());
 * }</pre>
 *
 * <p>Its contexts are the JDK's, but that their socket factory is a {@link CleanSslSocketFactory}.
 * Added that way, it is the last of the providers: who does not ask for it by its name does not
 * meet it.
 */
public final class CleanTlsProvider extends Provider {
  private static final long serialVersionUID = 1;

  /** The name to ask for. */
  public static final String NAME = "Cleanbreak";

  /** A provider to be registered. */
  public CleanTlsProvider() {
    super(NAME, "1", "TLS whose calls can be cut without breaking the session");
    putService(new Contexts(this));
  }

  private static final class Contexts extends Service {
    Contexts(Provider provider) {
      super(provider, "SSLContext", "TLS", Context.class.getName(), List.of(), Map.of());
    }

    @Override
    public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
      return new Context(ofTheJdk());
    }

    /** By another provider: should this one be the first, it would ask itself. */
    private SSLContext ofTheJdk() throws NoSuchAlgorithmException {
      for (Provider each : Security.getProviders("SSLContext.TLS")) {
        if (!(each instanceof CleanTlsProvider)) {
          return SSLContext.getInstance("TLS", each);
        }
      }
      throw new NoSuchAlgorithmException("no provider but Cleanbreak offers SSLContext TLS");
    }
  }

  private static final class Context extends SSLContextSpi {
    private final SSLContext context;

    Context(SSLContext context) {
      this.context = context;
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      context.init(keys, trust, random);
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new CleanSslSocketFactory(context, SocketSettings.standard());
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return context.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return context.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return context.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return context.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return context.getSupportedSSLParameters();
    }
  }
}
