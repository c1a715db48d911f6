package dev.cleanbreak.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SceneResultTest {
  @Test
  void aResultSurvivesItsLines() {
    Series series = new Series("a b", List.of(new double[] {1.5, -2}, new double[] {Double.NaN}));
    SceneResult result =
        new SceneResult(List.of(series), Map.of("a b", 4.25), List.of("10 calls."));

    List<String> lines = new ArrayList<>(result.toLines());
    lines.add(1, "[0.1s][warning][os] a line of the JVM");
    SceneResult back = SceneResult.parse(lines);
    assertEquals(1, back.series().size());
    assertEquals(result.notes(), back.notes());
    assertEquals(4.25, back.systemCallsOf("a b"));
    assertTrue(Double.isNaN(back.systemCallsOf("c")));
    assertEquals("a b", back.of("a b").variant());
    assertArrayEquals(new double[] {1.5, -2}, back.of("a b").rounds().get(0));
    assertArrayEquals(new double[] {Double.NaN}, back.of("a b").rounds().get(1));
    assertThrows(IllegalArgumentException.class, () -> back.of("c"));
  }

  @Test
  void aPlanSurvivesItsArguments() {
    Plan plan = new Plan(7, 2, Duration.ofMillis(250), true);
    assertEquals(plan, Plan.of(plan.toArguments()));
  }
}
