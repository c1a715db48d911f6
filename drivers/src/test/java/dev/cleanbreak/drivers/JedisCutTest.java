package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.providers.PooledConnectionProvider;

/** Jedis and its pool against a real Redis server. The table stands in docs/drivers/jedis.md. */
class JedisCutTest extends ClientCuts {
  private static final String NAME = "cut-me";
  private static final byte[] COUNTER = bytes("counter");
  private static final byte[] LARGE = bytes("large");
  private static final byte[] WRITTEN = bytes("written");
  private static final byte[] VALUE = new byte[8 * 1024 * 1024];

  private final RedisUnderTest redis = new RedisUnderTest();
  private Relay tlsEnd;
  private Jedis observer;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  JedisCutTest() {
    super("jedis.md", "jedis");
  }

  @BeforeAll
  void start() throws Exception {
    Arrays.fill(VALUE, (byte) 'x');
    redis.start();
    tlsEnd = Relay.endOfTls(redis.address());
    observer = new Jedis("localhost", redis.address().getPort());
    observer.set(LARGE, VALUE);
  }

  @AfterAll
  void stop() throws Exception {
    observer.close();
    tlsEnd.close();
    redis.stop();
  }

  /** This build of Redis has no TLS; a relay in front of it has. */
  @Override
  InetSocketAddress server(boolean tls) {
    return tls ? tlsEnd.address() : redis.address();
  }

  @Override
  Rig open(Relay relay, boolean tls) {
    observer.del(COUNTER, WRITTEN);
    return new JedisRig(relay, tls);
  }

  @SuppressWarnings("deprecation") // What most users of TLS have in their configuration still.
  private static RedisClient connect(int port, boolean tls) {
    HostAndPort server = new HostAndPort("localhost", port);
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder().clientName(NAME).timeoutMillis(30_000);
    if (tls) {
      config.ssl(true).sslSocketFactory(TlsCredentials.clientSockets());
    }
    ConnectionFactory connections =
        ConnectionFactory.builder()
            .socketFactory(new CleanJedisSocketFactory(server, config.build()))
            .clientConfig(config.build())
            .build();
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(1);
    return RedisClient.builder()
        .connectionProvider(new PooledConnectionProvider(connections, pool))
        .build();
  }

  private final class JedisRig implements Rig {
    private final Relay relay;
    private final boolean tls;
    private RedisClient client;

    JedisRig(Relay relay, boolean tls) {
      this.relay = relay;
      this.tls = tls;
    }

    /** Made when first used: this one connects already when it is made. */
    private RedisClient client() {
      if (client == null) {
        client = connect(relay.port(), tls);
      }
      return client;
    }

    @Override
    public Relay relay() {
      return relay;
    }

    @Override
    public void warmUp() {
      assertEquals("PONG", client().ping());
    }

    @Override
    public void request(Place place) {
      switch (place) {
        case CONNECT, HANDSHAKE, BEFORE_REPLY -> client().incr(COUNTER);
        case MID_REPLY -> client().get(LARGE);
        case MID_WRITE -> client().append(WRITTEN, VALUE);
      }
    }

    @Override
    public void nextRequest() {
      assertEquals("PONG", client().ping());
      assertEquals(VALUE.length, client().strlen(LARGE));
    }

    @Override
    public long done(Place place) {
      return switch (place) {
        case CONNECT, HANDSHAKE, BEFORE_REPLY -> {
          byte[] count = observer.get(COUNTER);
          yield count == null ? 0 : Long.parseLong(new String(count, StandardCharsets.US_ASCII));
        }
        case MID_REPLY -> 0;
        case MID_WRITE -> observer.strlen(WRITTEN) / VALUE.length;
      };
    }

    @Override
    public long connectionsSeenByServer() {
      return observer.clientList().lines().filter(line -> line.contains("name=" + NAME)).count();
    }

    @Override
    public void close() throws IOException {
      if (client != null) {
        client.close();
      }
      relay.close();
    }
  }
}
