package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Two self-signed identities, made by the JDK's keytool when first needed. */
final class TlsCredentials {
  private static final char[] PASSWORD = "only-for-tests".toCharArray();

  private static final class Made {
    static final KeyStore SERVER;
    static final KeyStore CLIENT;

    static {
      try {
        Path directory = Files.createTempDirectory("cleanbreak-tls");
        try {
          SERVER = generate(directory, "localhost");
          CLIENT = generate(directory, "client");
        } finally {
          delete(directory);
        }
      } catch (IOException | GeneralSecurityException | InterruptedException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  private TlsCredentials() {}

  /** A context whose identity is CN=localhost and which trusts the client. */
  static SSLContext server() {
    return context(Made.SERVER, Made.CLIENT);
  }

  /** A context whose identity is CN=client and which trusts the server. */
  static SSLContext client() {
    return context(Made.CLIENT, Made.SERVER);
  }

  /** What a client that trusts the server makes its sockets with. */
  static CleanSslSocketFactory clientSockets() {
    return new CleanSslSocketFactory(client(), SocketSettings.standard());
  }

  /** What such a client trusts. */
  static X509TrustManager clientTrust() {
    try {
      return (X509TrustManager) trust(Made.SERVER).getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A context without an identity, which trusts the server. */
  static SSLContext trustingServer() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust(Made.SERVER).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The server's identity as the files that databases and their drivers read. */
  static ServerIdentity serverFiles(Path folder) throws IOException, GeneralSecurityException {
    return new ServerIdentity(folder, Made.SERVER, trusted(Made.SERVER), PASSWORD);
  }

  private static TrustManagerFactory trust(KeyStore peer)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted(peer));
    return trust;
  }

  private static KeyStore trusted(KeyStore peer) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    String alias = peer.aliases().nextElement();
    trusted.setCertificateEntry(alias, peer.getCertificate(alias));
    return trusted;
  }

  private static KeyStore generate(Path directory, String name)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path file = directory.resolve(name + ".p12");
    String password = new String(PASSWORD);
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    name,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=dns:" + name,
                    "-validity",
                    "30",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    password))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException("keytool hangs or failed");
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static SSLContext context(KeyStore own, KeyStore peer) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust(peer).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
