package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every option of every kind of socket: set and read on this transport and on NIO, the same. */
final class OptionParityTest {
  @ParameterizedTest
  @EnumSource
  void theOptionsAreThoseOfNioAndReadAlike(OptionOutcomes.Kind kind) throws IOException {
    assertEquals(
        OptionOutcomes.of(kind, OptionOutcomes.NIO), OptionOutcomes.of(kind, OptionOutcomes.EPOLL));
  }

  @Test
  void theyReadAlikeWithoutIpVersion6() throws Exception {
    ChildJvm.Result compared =
        ChildJvm.run(
            ChildJvm.onClassPath(
                List.of("--enable-native-access=ALL-UNNAMED", "-Djava.net.preferIPv4Stack=true"),
                OptionOutcomes.class));
    assertEquals(List.of(), compared.err());
    assertEquals(List.of("STREAM alike", "LISTENER alike", "DATAGRAM alike"), compared.out());
  }

  @ParameterizedTest
  @EnumSource
  void anOptionOfAnotherKindIsRefusedAlike(OptionOutcomes.Kind kind) throws IOException {
    Set<SocketOption<?>> ofOthers = new HashSet<>();
    for (OptionOutcomes.Kind each : OptionOutcomes.Kind.values()) {
      Port port = each.open(OptionOutcomes.NIO);
      ofOthers.addAll(port.supportedOptions());
      port.close();
    }
    Map<String, List<String>> outcomes = new TreeMap<>();
    for (Transport each : List.of(OptionOutcomes.NIO, OptionOutcomes.EPOLL)) {
      Port port = kind.open(each);
      List<String> refusals = new ArrayList<>();
      ofOthers.stream()
          .filter(option -> !port.supportedOptions().contains(option))
          .sorted(Comparator.comparing(SocketOption::name))
          .forEach(option ->
              refusals.add(
                  OptionOutcomes.get(port, option) + OptionOutcomes.set(port, option, null)));
      port.close();
      outcomes.put(each.name(), refusals);
    }
    assertEquals(outcomes.get("nio"), outcomes.get("epoll"));
  }
}
