package dev.cleanbreak.races.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sample of the oracle's list, and the proof that the oracle finds what is broken. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OracleTest {
  private static Summary run(Set<String> layers, String breakage, int every, int stopAfter)
      throws IOException {
    OracleRun.Selection selection =
        new OracleRun.Selection(layers, Set.of(), "", every, 1, 8, breakage, stopAfter);
    return new OracleRun(selection, line -> {}).run();
  }

  @Test
  void aSampleOfAllCellsHolds() throws IOException {
    Summary summary = run(Set.of(), "none", 2000, 20);
    assertEquals(List.of(), summary.brokenCells());
    assertEquals(summary.listed(), summary.skipped() + summary.notDrawn() + summary.run());
    for (Outcome outcome : Outcome.values()) {
      assertTrue(summary.outcomes().get(outcome.id()) > 0, () -> "no cell ended " + outcome);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "drop-tail, out",
    "drop-tail, buffered-out",
    "double-tail, out",
    "double-tail, native-exact",
    "eat-byte, in",
    "eat-byte, buffered-in"
  })
  void aDefectOfTheTransportIsFound(String breakage, String layer) throws IOException {
    Summary summary = run(Set.of(layer), breakage, 500, 10);
    assertTrue(summary.broken() >= 10, () -> "not found: " + summary);
  }

  @Test
  void everyCellHasANameOfItsOwn() throws IOException {
    try (Stand stand = new Stand(Breakage.NONE)) {
      CellList list = new CellList(Layers.all(stand));
      for (CellList.Group group : list.groups(each -> each.id().equals("out/default/platform"))) {
        Set<String> names = new TreeSet<>();
        int[] cells = {0};
        CellList.forEach(
            group,
            cell -> {
              cells[0]++;
              names.add(cell.id());
            });
        assertEquals(cells[0], names.size());
      }
    }
  }
}
