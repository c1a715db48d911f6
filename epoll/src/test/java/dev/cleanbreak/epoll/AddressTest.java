package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both versions of IP, and scopes: as NIO has them. */
@Timeout(120)
final class AddressTest {
  private static final int TRIES = 3;

  private static List<String> seen(String transport, List<String> options) throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("-Ddev.cleanbreak.transport=" + transport);
    all.add("--enable-native-access=ALL-UNNAMED");
    ChildJvm.Result result = ChildJvm.run(ChildJvm.onClassPath(all, Addresses.class));
    assertEquals(0, result.status(), result::toString);
    return result.out();
  }

  private static void assertSeenAlike(String expected, List<String> options) throws Exception {
    List<String> nio = seen("nio", options);
    assertTrue(nio.contains(expected), nio::toString);
    List<String> different = new ArrayList<>(nio);
    // Another process may listen at the same port of another address, once.
    for (int i = 0; i < TRIES && !different.isEmpty(); i++) {
      different.removeAll(seen("epoll", options));
    }
    assertEquals(List.of(), different);
  }

  @Test
  void aSocketSpeaksBothVersions() throws Exception {
    assumeTrue(Sockets.FAMILY == Abi.AF_INET6, "this host has no IPv6");
    assertSeenAlike(
        "(any) <- 127.0.0.1: datagram Inet6Address 0:0:0:0:0:0:0:0 Inet4Address 127.0.0.1",
        List.of());
  }

  @Test
  void orIpv4AloneIfThePropertyOfTheJdkSaysSo() throws Exception {
    assertSeenAlike(
        "(any) <- 127.0.0.1: datagram Inet4Address 0.0.0.0 Inet4Address 127.0.0.1",
        List.of("-Djava.net.preferIPv4Stack=true"));
  }
}
