package dev.cleanbreak.cli.demo;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One case of the demo.
 *
 * @param id tells the cell's connections to the printer from those of the others
 */
record Cell(int id, Way way, Blocked call, ThreadKind thread, Wire wire, Side side)
    implements Serializable {

  /** The cells that pass {@code chosen}, in the order of the table. */
  static List<Cell> all(Predicate<Cell> chosen) {
    List<Cell> cells = new ArrayList<>();
    int id = 0;
    for (Way way : Way.values()) {
      for (Blocked call : Blocked.values()) {
        for (ThreadKind thread : ThreadKind.values()) {
          for (Wire wire : Wire.values()) {
            for (Side side : Side.values()) {
              Cell cell = new Cell(++id, way, call, thread, wire, side);
              if (way.appliesTo(call) && chosen.test(cell)) {
                cells.add(cell);
              }
            }
          }
        }
      }
    }
    return cells;
  }

  Cell withId(int other) {
    return new Cell(other, way, call, thread, wire, side);
  }

  @Override
  public String toString() {
    return Label.of(way)
        + ", "
        + Label.of(call)
        + ", "
        + Label.of(thread)
        + " thread, "
        + Label.of(wire)
        + ", "
        + Label.of(side);
  }
}
