package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.cleanbreak.CleanSslSocketFactory;
import java.security.Security;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class CleanTlsProviderTest {
  static void register() {
    // Does nothing where it is registered already.
    Security.addProvider(new CleanTlsProvider());
  }

  @Test
  void onlyWhoAsksByNameMeetsIt() throws Exception {
    register();
    assertNotEquals(CleanTlsProvider.NAME, SSLContext.getInstance("TLS").getProvider().getName());
    SSLContext context = SSLContext.getInstance("TLS", CleanTlsProvider.NAME);
    context.init(null, null, null);
    assertInstanceOf(CleanSslSocketFactory.class, context.getSocketFactory());
  }

  @Test
  void asTheFirstOfTheProvidersItStillUsesTheJdks() throws Exception {
    Security.removeProvider(CleanTlsProvider.NAME);
    Security.insertProviderAt(new CleanTlsProvider(), 1);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, null, null);
      assertInstanceOf(CleanSslSocketFactory.class, context.getSocketFactory());
      context.createSSLEngine("localhost", 1);
    } finally {
      Security.removeProvider(CleanTlsProvider.NAME);
      register();
    }
  }
}
