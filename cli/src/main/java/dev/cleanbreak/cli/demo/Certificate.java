package dev.cleanbreak.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The printer's key and self-signed certificate, made anew for each run.
 *
 * @param keyStore the path of a PKCS #12 file
 */
record Certificate(String keyStore, String password) implements Serializable {
  private static final String ALIAS = "printer";
  private static final String PASSWORD_VARIABLE = "CLEANBREAK_DEMO_PASSWORD";
  private static final long KEYTOOL_SECONDS = 30;

  /** Makes one in {@code folder} with the keytool of the running JDK. */
  static Certificate make(Path folder) throws IOException, InterruptedException {
    byte[] random = new byte[16];
    new java.security.SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Path keyStore = folder.resolve("printer.p12");
    ProcessBuilder keytool =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            keyStore.toString(),
            "-storepass:env",
            PASSWORD_VARIABLE);
    keytool.environment().put(PASSWORD_VARIABLE, password);
    Path log = folder.resolve("keytool.log");
    Process process = keytool.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(
            "keytool made no certificate; it printed: " + Files.readString(log).strip());
      }
    } finally {
      process.destroyForcibly();
    }
    return new Certificate(keyStore.toString(), password);
  }

  /** For the side that has the key. */
  SSLContext server() throws IOException {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(), password.toCharArray());
      return context(keys.getKeyManagers(), null);
    } catch (GeneralSecurityException e) {
      throw new IOException("the printer's key cannot be used", e);
    }
  }

  /** For the side that trusts the certificate, and no other. */
  SSLContext client() throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, load().getCertificate(ALIAS));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return context(null, trust.getTrustManagers());
    } catch (GeneralSecurityException e) {
      throw new IOException("the printer's certificate cannot be used", e);
    }
  }

  private static SSLContext context(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust, null);
    return context;
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(keyStore))) {
      store.load(in, password.toCharArray());
    }
    return store;
  }
}
