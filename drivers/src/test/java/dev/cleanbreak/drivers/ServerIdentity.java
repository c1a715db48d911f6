package dev.cleanbreak.drivers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A server's identity as files: what databases and their drivers read. */
final class ServerIdentity {
  /** In PEM, for the server, and for the drivers that trust it by this. */
  final Path certificate;

  /** In PEM, for the server. */
  final Path key;

  /** A key store that trusts the server, for the other drivers. */
  final Path trust;

  final String trustPassword;

  ServerIdentity(Path folder, KeyStore own, KeyStore trusted, char[] password)
      throws IOException, GeneralSecurityException {
    String alias = own.aliases().nextElement();
    certificate = folder.resolve("server.crt");
    pem(certificate, "CERTIFICATE", own.getCertificate(alias).getEncoded());
    key = folder.resolve("server.key");
    // PostgreSQL refuses a key that others may read.
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    pem(key, "PRIVATE KEY", own.getKey(alias, password).getEncoded());
    trust = folder.resolve("trust.p12");
    trustPassword = new String(password);
    try (OutputStream file = Files.newOutputStream(trust)) {
      trusted.store(file, password);
    }
    // The last that is named is deleted first.
    for (Path each : List.of(folder, certificate, key, trust)) {
      each.toFile().deleteOnExit();
    }
  }

  private static void pem(Path file, String what, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }
}
