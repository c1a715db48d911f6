package dev.cleanbreak.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavedTest {
  private static final Progress PROGRESS = new Progress("test");

  private final List<String> turns = new ArrayList<>();

  /** Counts its turns. */
  private final class Counter implements Variant {
    private final String name;
    private int count;

    Counter(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double[] round(Duration slice) {
      turns.add(name);
      return new double[] {count++};
    }

    @Override
    public void close() {}
  }

  @Test
  void variantsTakeTurnsAndWarmUpsDoNotCount() throws Exception {
    Plan plan = new Plan(3, 1, Duration.ZERO, true);
    List<Series> series =
        Interleaved.run(
            List.of(new Counter("a"), new Counter("b"), new Counter("c")), plan, PROGRESS);

    assertEquals(List.of("a", "b", "c"), turns.subList(0, 3));
    assertEquals(
        List.of("a", "b", "c", "c", "b", "a", "a", "b", "c"), turns.subList(3, turns.size()));
    assertEquals(List.of("a", "b", "c"), series.stream().map(Series::variant).toList());
    assertEquals(new Spread(1, 2, 3), series.getLast().spread());
  }

  @Test
  void aRoundWithoutValuesFails() {
    Variant silent =
        new Variant() {
          @Override
          public String name() {
            return "silent";
          }

          @Override
          public double[] round(Duration slice) {
            return new double[0];
          }

          @Override
          public void close() {}
        };
    Plan plan = new Plan(1, 0, Duration.ZERO, true);
    assertThrows(
        IllegalStateException.class, () -> Interleaved.run(List.of(silent), plan, PROGRESS));
  }
}
