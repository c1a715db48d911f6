package dev.cleanbreak.drivers;

import dev.cleanbreak.Cut;
import dev.cleanbreak.CutException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a driver has thrown. */
final class Said {
  private Said() {}

  /** The cuts that an exception leads to, through causes and suppressed ones. */
  static List<Cut> cuts(@Nullable Throwable thrown) {
    List<Cut> cuts = new ArrayList<>();
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
        cuts.add(found.cut());
      }
      if (each.getCause() != null) {
        left.add(each.getCause());
      }
      left.addAll(Arrays.asList(each.getSuppressed()));
    }
    return cuts;
  }

  /** All that it says, with its causes, as a log would have it. */
  static String text(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  static String state(@Nullable Throwable thrown) {
    return thrown instanceof SQLException e ? String.valueOf(e.getSQLState()) : "-";
  }
}
