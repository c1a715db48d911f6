package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.CutTimeoutException;
import dev.cleanbreak.SocketSettings;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Properties;
import javax.naming.Context;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.net.ssl.SSLContext;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.providers.PooledConnectionProvider;

/** The code of docs/drivers. What stands between snippet marks is in the pages. */
@Timeout(60)
class RecipesTest {
  @Test
  void jedis() throws Exception {
    RedisUnderTest redis = new RedisUnderTest();
    redis.start();
    try {
      HostAndPort server = new HostAndPort("localhost", redis.address().getPort());
      // snippet: jedis
      JedisClientConfig config = DefaultJedisClientConfig.builder().build();
      ConnectionFactory connections =
          ConnectionFactory.builder()
              .socketFactory(new CleanJedisSocketFactory(server, config))
              .clientConfig(config)
              .build();
      RedisClient client =
          RedisClient.builder()
              .connectionProvider(new PooledConnectionProvider(connections))
              .build();

      CancelScope request = CancelScope.within("request 17", Duration.ofMillis(200));
      JedisConnectionException said =
          assertThrows(
              JedisConnectionException.class,
              () -> request.run(() -> client.blpop(30, "a list that stays empty")));
      assertInstanceOf(CutTimeoutException.class, said.getCause()); // names the scope
      assertEquals("PONG", client.ping()); // over a new connection
      // end
      client.close();
    } finally {
      redis.stop();
    }
  }

  @Test
  void httpClient() throws Exception {
    HttpServerUnderTest http = new HttpServerUnderTest();
    http.start();
    SSLContext context = TlsCredentials.client();
    String url = "https://localhost:" + http.address(true).getPort() + "/";
    try {
      // snippet: httpclient5
      SocketSettings settings = SocketSettings.standard();
      CloseableHttpClient client =
          HttpClients.custom()
              .setConnectionManager(
                  CleanHttpClient.connections(
                          settings, new CleanSslSocketFactory(context, settings))
                      .build())
              .build();

      String body =
          CancelScope.within("request 17", Duration.ofSeconds(20))
              .call(() ->
                  client.execute(
                      new HttpGet(url), response -> EntityUtils.toString(response.getEntity())));
      // end
      assertEquals("hello", body);
      client.close();
    } finally {
      http.stop();
    }
  }

  @Test
  void okHttp() throws Exception {
    HttpServerUnderTest http = new HttpServerUnderTest();
    http.start();
    SSLContext context = TlsCredentials.client();
    String url = "https://localhost:" + http.address(true).getPort() + "/";
    try {
      // snippet: okhttp
      OkHttpClient client =
          new OkHttpClient.Builder()
              .socketFactory(new CleanSocketFactory())
              .sslSocketFactory(
                  new CleanSslSocketFactory(context, SocketSettings.standard()),
                  TlsCredentials.clientTrust())
              .fastFallback(false) // connect in the calling thread, where its scope is
              .readTimeout(Duration.ZERO) // the scope's deadline bounds all of it
              .build();

      String body =
          CancelScope.within("request 17", Duration.ofSeconds(20))
              .call(() -> {
                try (Response response =
                    client.newCall(new Request.Builder().url(url).build()).execute()) {
                  return response.body().string();
                }
              });
      // end
      assertEquals("hello", body);
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
    } finally {
      http.stop();
    }
  }

  @Test
  void mail() throws Exception {
    MailServerUnderTest mail = new MailServerUnderTest();
    mail.start();
    Message message = MailServerUnderTest.message(MailServerUnderTest.CUT, 100);
    int port = mail.smtp(false).getPort();
    try {
      // snippet: mail
      Properties settings = new Properties();
      settings.put("mail.smtp.host", "localhost");
      settings.put("mail.smtp.port", Integer.toString(port));
      settings.put("mail.smtp.socketFactory", new CleanSocketFactory());
      settings.put("mail.smtp.socketFactory.fallback", "false");

      Session session = Session.getInstance(settings);
      try (Transport transport = session.getTransport("smtp")) {
        CancelScope.within("mail to the reader", Duration.ofSeconds(20))
            .run(() -> {
              transport.connect();
              transport.sendMessage(message, message.getAllRecipients());
            });
      }
      // end
      assertEquals(1, mail.cutOnes());
    } finally {
      mail.stop();
    }
  }

  @Test
  void mailOverTls() throws Exception {
    MailServerUnderTest mail = new MailServerUnderTest();
    mail.start();
    SSLContext context = TlsCredentials.client();
    Message message = MailServerUnderTest.message(MailServerUnderTest.CUT, 100);
    Properties settings = new Properties();
    settings.put("mail.smtp.host", "localhost");
    settings.put("mail.smtp.port", Integer.toString(mail.smtp(true).getPort()));
    try {
      // snippet: mailtls
      settings.put("mail.smtp.ssl.enable", "true");
      settings.put(
          "mail.smtp.ssl.socketFactory",
          new CleanMailTlsSocketFactory(
              new CleanSslSocketFactory(context, SocketSettings.standard())));
      settings.put("mail.smtp.socketFactory.fallback", "false");
      // end
      try (Transport transport = Session.getInstance(settings).getTransport("smtp")) {
        transport.connect();
        transport.sendMessage(message, message.getAllRecipients());
      }
      assertEquals(1, mail.cutOnes());
    } finally {
      mail.stop();
    }
  }

  @Test
  void ldap() throws Exception {
    InMemoryDirectoryServer directory =
        new InMemoryDirectoryServer(new InMemoryDirectoryServerConfig("dc=example,dc=com"));
    directory.startListening();
    directory.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
    int port = directory.getListenPort();
    try {
      // snippet: ldap
      Hashtable<String, String> environment = new Hashtable<>();
      environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
      environment.put(Context.PROVIDER_URL, "ldap://localhost:" + port);
      environment.put("java.naming.ldap.factory.socket", CleanSocketFactory.class.getName());
      environment.put("com.sun.jndi.ldap.connect.timeout", "5000"); // milliseconds
      environment.put("com.sun.jndi.ldap.read.timeout", "5000"); // bounds the wait for a reply

      CancelScope login = CancelScope.within("login", Duration.ofSeconds(20));
      DirContext context = login.call(() -> new InitialDirContext(environment));
      // end
      assertEquals("example", context.getAttributes("dc=example,dc=com").get("dc").get());
      context.close();
    } finally {
      directory.shutDown(true);
    }
  }

  /** The provider makes its sockets by the factory's other methods then. */
  @Test
  void ldapWithoutConnectTimeoutIsCutToo() throws Exception {
    TlsCredentials.client(); // made now, and not within the deadline
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Hashtable<String, String> environment = new Hashtable<>();
      environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
      environment.put(Context.PROVIDER_URL, "ldaps://localhost:" + silent.getLocalPort());
      environment.put("java.naming.ldap.factory.socket", LdapCuts.Ldaps.class.getName());
      CancelScope login = CancelScope.within("login", Duration.ofMillis(200));
      Exception said =
          assertThrows(
              javax.naming.NamingException.class,
              () -> login.run(() -> new InitialDirContext(environment).close()));
      assertTrue(said.toString().contains("scope \"login\""), said.toString());
    }
  }
}
