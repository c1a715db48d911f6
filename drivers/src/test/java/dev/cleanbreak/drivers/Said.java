package dev.cleanbreak.drivers;

import dev.cleanbreak.CutException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a driver has thrown. */
final class Said {
  private Said() {}

  /** The cut that an exception leads to, through causes and suppressed ones; null if to none. */
  static @Nullable CutException cut(@Nullable Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> left = new ArrayDeque<>();
    if (thrown != null) {
      left.add(thrown);
    }
    while (!left.isEmpty()) {
      Throwable each = left.remove();
      if (!seen.add(each)) {
        continue;
      }
      if (each instanceof CutException found) {
        return found;
      }
      if (each.getCause() != null) {
        left.add(each.getCause());
      }
      left.addAll(java.util.Arrays.asList(each.getSuppressed()));
    }
    return null;
  }

  static String state(@Nullable Throwable thrown) {
    return thrown instanceof SQLException e ? String.valueOf(e.getSQLState()) : "-";
  }
}
