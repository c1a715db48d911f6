package dev.cleanbreak.races.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The full list: layer × mode × thread × way × moment × length × offset. */
final class CellList {
  private final List<Layer> layers;

  CellList(List<Layer> layers) {
    this.layers = layers;
  }

  /** The cells that one crew runs: of one layer, in one mode, on one kind of thread. */
  record Group(Layer layer, Mode mode, ThreadKind thread) {
    String id() {
      return layer.id() + "/" + mode.id() + "/" + thread.id();
    }
  }

  List<Group> groups(Predicate<Group> wanted) {
    List<Group> groups = new ArrayList<>();
    for (Layer layer : layers) {
      for (Mode mode : Mode.values()) {
        for (ThreadKind thread : ThreadKind.values()) {
          Group group = new Group(layer, mode, thread);
          if (wanted.test(group)) {
            groups.add(group);
          }
        }
      }
    }
    return groups;
  }

  static void forEach(Group group, Consumer<Cell> cells) {
    Layer layer = group.layer();
    for (int length : layer.places().lengths()) {
      int[] offsets = layer.places().offsets(length);
      for (Way way : Way.values()) {
        for (Moment moment : Moment.values()) {
          for (int offset : offsets) {
            // At entry it is counted in the bytes of the application, which are fewer under TLS.
            if (moment != Moment.ENTRY || layer.shakesHands() || offset <= length) {
              cells.accept(cell(group, way, moment, length, offset));
            }
          }
        }
      }
    }
  }

  private static Cell cell(Group group, Way way, Moment moment, int length, int offset) {
    String skipped =
        way == Way.TIMEOUT && moment == Moment.ENTRY
            ? "a timeout begins with its call, so it cannot stand at entry"
            : group.layer().skips().why(group.mode(), way, moment, length, offset);
    return new Cell(
        group.layer(), group.mode(), group.thread(), way, moment, length, offset, skipped);
  }
}
