package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.SocketSettings;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Properties;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.directory.InitialDirContext;
import javax.net.ssl.SSLException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A server whose certificate is for another name is refused, and nothing of the try is left. */
@Timeout(60)
class HostNameTest {
  /** The certificate is for localhost. */
  private static final String OTHER_NAME = "127.0.0.1";

  private final HttpServerUnderTest server = new HttpServerUnderTest();
  private int port;

  @BeforeEach
  void start() throws Exception {
    server.start();
    port = server.address(true).getPort();
  }

  @AfterEach
  void stop() throws Exception {
    Conditions.await("the server has no connection", () -> server.connections() == 0);
    server.stop();
  }

  @Test
  void jedis() {
    JedisConnectionException said =
        assertThrows(
            JedisConnectionException.class,
            () -> jedis(OTHER_NAME, DefaultJedisClientConfig.builder()).createSocket());
    assertTrue(said.getCause() instanceof SSLException, said.toString());
  }

  @Test
  @SuppressWarnings("deprecation") // The verifier is one of Jedis' older settings.
  void jedisByItsVerifier() {
    JedisConnectionException said =
        assertThrows(
            JedisConnectionException.class,
            () ->
                jedis(
                        "localhost",
                        DefaultJedisClientConfig.builder()
                            .hostnameVerifier((name, session) -> false))
                    .createSocket());
    assertTrue(said.getCause().getMessage().contains("refused"), said.getCause().getMessage());
  }

  @SuppressWarnings("deprecation")
  private CleanJedisSocketFactory jedis(String name, DefaultJedisClientConfig.Builder config) {
    return new CleanJedisSocketFactory(
        new HostAndPort(name, port),
        config.ssl(true).sslSocketFactory(TlsCredentials.clientSockets()).build());
  }

  /** What stands in Jedis' configuration is taken, in milliseconds. */
  @Test
  void jedisTakesItsTimeout() throws Exception {
    HostAndPort plain = new HostAndPort("localhost", server.address(false).getPort());
    DefaultJedisClientConfig config =
        DefaultJedisClientConfig.builder().socketTimeoutMillis(4711).build();
    try (var socket = new CleanJedisSocketFactory(plain, config).createSocket()) {
      assertEquals(4711, socket.getSoTimeout());
      assertEquals(0, socket.getSoLinger());
      assertTrue(socket.getTcpNoDelay());
    }
  }

  @Test
  void httpClient() throws IOException {
    try (CloseableHttpClient client =
        HttpClients.custom()
            .setConnectionManager(
                CleanHttpClient.connections(
                        SocketSettings.standard(), TlsCredentials.clientSockets())
                    .build())
            .build()) {
      assertThrows(
          SSLException.class,
          () ->
              client.execute(
                  new HttpGet("https://" + OTHER_NAME + ":" + port),
                  response -> EntityUtils.toString(response.getEntity())));
    }
  }

  @Test
  void okHttp() {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .socketFactory(new CleanSocketFactory())
            .sslSocketFactory(TlsCredentials.clientSockets(), TlsCredentials.clientTrust())
            .build();
    Request request = new Request.Builder().url("https://" + OTHER_NAME + ":" + port).build();
    assertThrows(SSLException.class, () -> client.newCall(request).execute().close());
  }

  @Test
  void mail() throws Exception {
    Properties settings = MailServerUnderTest.settings("smtp", port, true);
    settings.put("mail.smtp.host", OTHER_NAME);
    try (Transport transport = Session.getInstance(settings).getTransport("smtp")) {
      MessagingException said = assertThrows(MessagingException.class, transport::connect);
      assertTrue(said.getCause() instanceof SSLException, said.toString());
    }
  }

  @Test
  void ldap() {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
    environment.put(Context.PROVIDER_URL, "ldaps://" + OTHER_NAME + ":" + port);
    environment.put("java.naming.ldap.factory.socket", LdapCutTest.Ldaps.class.getName());
    CommunicationException said =
        assertThrows(
            CommunicationException.class,
            () ->
                CancelScope.within("it ends also where nothing is checked", Duration.ofSeconds(10))
                    .run(() -> new InitialDirContext(environment).close()));
    // Caller and reader both need the session; who comes second finds it failed and closed.
    assertTrue(said.toString().contains("certificate_unknown"), said.toString());
  }
}
