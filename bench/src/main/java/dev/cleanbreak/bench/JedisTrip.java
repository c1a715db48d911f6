package dev.cleanbreak.bench;

import dev.cleanbreak.drivers.CleanJedisSocketFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;

/** {@code PING}. */
final class JedisTrip implements RoundTrip {
  private final Jedis jedis;

  JedisTrip(int port, boolean clean) {
    HostAndPort server = new HostAndPort("127.0.0.1", port);
    JedisClientConfig config = DefaultJedisClientConfig.builder().build();
    jedis =
        new Jedis(
            clean
                ? new CleanJedisSocketFactory(server, config)
                : new DefaultJedisSocketFactory(server, config),
            config);
  }

  @Override
  public void run() {
    if (!"PONG".equals(jedis.ping())) {
      throw new IllegalStateException("no PONG");
    }
  }

  @Override
  public void close() {
    jedis.close();
  }
}
