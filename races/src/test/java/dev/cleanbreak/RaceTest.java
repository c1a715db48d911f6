package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jcstress.annotations.JCStressTest;

/** The short form of {@code ./cleanbreak races}: every race for a moment, in this process. */
class RaceTest {
  private static final long NANOS_PER_RACE =
      TimeUnit.MILLISECONDS.toNanos(Long.getLong("dev.cleanbreak.raceMillis", 250));

  static Stream<Class<?>> races() {
    return Stream.of(
            CallRaces.class,
            CallReuseRaces.class,
            CarryRaces.class,
            DirectionRaces.class,
            DrainerRaces.class,
            LifetimeRaces.class,
            ScopeRaces.class)
        .flatMap(group -> Arrays.stream(group.getDeclaredClasses()))
        .filter(each -> each.isAnnotationPresent(JCStressTest.class))
        .sorted(Comparator.comparing(Class::getName));
  }

  @ParameterizedTest
  @MethodSource("races")
  @Timeout(60)
  void onlyAcceptableOutcomes(Class<?> race) throws Exception {
    long seed = System.nanoTime();
    RaceRounds rounds = new RaceRounds(race);
    Map<String, Integer> outcomes = rounds.run(seed, NANOS_PER_RACE);
    assertEquals(List.of(), rounds.unacceptable(), () -> race + " " + outcomes + ", seed " + seed);
    assertTrue(outcomes.values().stream().mapToInt(Integer::intValue).sum() > 10, race.getName());
  }
}
