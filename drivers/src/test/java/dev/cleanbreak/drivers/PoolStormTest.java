package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The short form of {@code ./cleanbreak pools}: two seconds for each driver and each way. */
@Timeout(180)
class PoolStormTest {
  private static final Duration TIME = Duration.ofSeconds(2);

  @BeforeAll
  static void startServers() {
    Servers.warmUp();
  }

  @ParameterizedTest
  @CsvSource({
    "POSTGRESQL, true",
    "POSTGRESQL, false",
    "MARIADB, true",
    "MARIADB, false",
    "MYSQL, true",
    "MYSQL, false"
  })
  void aPoolSurvives(Client client, boolean byProtocol) throws Exception {
    long seed = System.nanoTime();
    PoolStormResult result = new PoolStorm(client, byProtocol, TIME).run(seed, counts -> {});
    if (!result.failures().isEmpty()) {
      AssertionError all = new AssertionError("seed " + seed + ": " + result);
      result.failures().stream().limit(3).forEach(all::addSuppressed);
      throw all;
    }
    assertTrue(result.cuts() > 0);
    assertTrue(result.saidTrue() > 0);
    assertEquals(PoolStorm.CONNECTIONS, result.healthy());
    assertEquals(byProtocol, result.replaced() == 0);
  }
}
