package dev.cleanbreak.bench;

import dev.cleanbreak.drivers.DirectoryUnderTest;
import dev.cleanbreak.drivers.HttpServerUnderTest;
import dev.cleanbreak.drivers.MailServerUnderTest;
import dev.cleanbreak.drivers.RedisUnderTest;
import java.io.Closeable;
import java.io.IOException;

/**
 * The servers of the clients, but for the databases, which {@link dev.cleanbreak.drivers.Client}
 * starts. Redis and the databases are processes of their own; the others live in this JVM.
 */
final class DriverServers implements Closeable {
  private final RedisUnderTest redis = new RedisUnderTest();
  private final HttpServerUnderTest http = new HttpServerUnderTest();
  private final MailServerUnderTest mail = new MailServerUnderTest();
  private final DirectoryUnderTest directory = new DirectoryUnderTest();

  DriverServers() throws Exception {
    redis.start();
    http.start();
    mail.start();
    directory.start();
  }

  int redis() {
    return redis.address().getPort();
  }

  int http() {
    return http.address(false).getPort();
  }

  int smtp() {
    return mail.smtp(false).getPort();
  }

  int ldap() {
    return directory.address(false).getPort();
  }

  @Override
  public void close() throws IOException {
    directory.stop();
    mail.stop();
    redis.stop();
    try {
      http.stop();
    } catch (Exception e) {
      throw new IOException("Jetty does not stop", e);
    }
  }
}
