package dev.cleanbreak.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.CleanSockets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DriverTest {
  @Test
  void eachIsOnTheSocketsThatItsRowSays() throws Exception {
    try (DriverServers servers = new DriverServers()) {
      for (Driver driver : Driver.values()) {
        assertEquals(0, cleanSockets(driver, servers, false), driver.onDefault());
        assertEquals(1, cleanSockets(driver, servers, true), driver.onCleanbreak());
      }
    }
  }

  /** How many sockets of Cleanbreak the client has when it has had an answer. */
  private static int cleanSockets(Driver driver, DriverServers servers, boolean clean)
      throws Exception {
    Set<Long> before = sockets();
    RoundTrip trip = driver.open(servers, clean);
    try {
      trip.run();
      Set<Long> now = sockets();
      now.removeAll(before); // of earlier ones, some may be closing
      return now.size();
    } finally {
      trip.close();
    }
  }

  private static Set<Long> sockets() {
    Set<Long> found = new HashSet<>();
    CleanSockets.dump().sockets().forEach(each -> found.add(each.id()));
    return found;
  }
}
