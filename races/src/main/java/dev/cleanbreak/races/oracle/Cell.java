package dev.cleanbreak.races.oracle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing to try: which layer, on which kind of thread, is cut by what, when, and where.
 *
 * @param length the bytes of the message
 * @param offset the bytes that pass before the cut: on the wire, or those that the application has
 *     moved if the cut stands at entry
 * @param skipped why it is not run; null if it is
 */
record Cell(
    Layer layer,
    Mode mode,
    ThreadKind thread,
    Way way,
    Moment moment,
    int length,
    int offset,
    @Nullable String skipped) {

  /** Names this cell; {@code --cell} takes it back. */
  String id() {
    return String.join(
        "/", layer.id(), mode.id(), thread.id(), way.id(), moment.id(), length + "@" + offset);
  }

  /** The same in every run: what the message is made from. */
  long hashOfId() {
    long hash = 17;
    for (Enum<?> each : List.<Enum<?>>of(mode, thread, way, moment)) {
      hash = hash * 31 + each.name().hashCode();
    }
    return (hash * 31 + layer.id().hashCode()) * 1_000_003L + length * 131_071L + offset;
  }

  @Override
  public String toString() {
    return id();
  }
}
