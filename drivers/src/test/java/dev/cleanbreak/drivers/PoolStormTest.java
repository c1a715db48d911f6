package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two seconds of {@link PoolStorm} for each driver and each way, or as many as {@code
 * dev.cleanbreak.drivers.stormSeconds} says.
 */
@Timeout(180)
class PoolStormTest {
  private static final Duration TIME =
      Duration.ofSeconds(Long.getLong("dev.cleanbreak.drivers.stormSeconds", 2));

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
    PoolStorm storm = new PoolStorm(client, byProtocol, TIME);
    long seed = System.nanoTime();
    List<Throwable> failures = storm.run(seed);
    System.out.println(
        client + (byProtocol ? " by protocol, " : " cut, ") + TIME + ": " + storm.counts);
    AssertionError all = new AssertionError("seed " + seed + ": " + storm.counts);
    failures.stream().limit(3).forEach(all::addSuppressed);
    if (!failures.isEmpty()) {
      throw all;
    }
    assertTrue(storm.counts.cut.sum() > 0);
    if (byProtocol) {
      assertEquals(0, storm.counts.replaced());
    } else {
      assertTrue(storm.counts.replaced() > 0);
    }
  }
}
