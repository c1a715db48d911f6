package dev.cleanbreak.examples.fanout;

import dev.cleanbreak.CutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How it ended for one of those that were asked.
 *
 * @param replica its name
 * @param after since the question
 * @param answer null if there is none
 * @param failure why there is none; null if there is one
 */
record Ending(
    String replica, Duration after, @Nullable String answer, @Nullable SQLException failure) {

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(replica);
    text.append(String.format(Locale.ROOT, " %.3f s: ", after.toNanos() / 1e9));
    if (failure == null) {
      return text.append("answered ").append(answer).toString();
    }
    text.append(failure);
    for (Throwable each : failure.getSuppressed()) {
      if (each instanceof CutException) {
        text.append(System.lineSeparator()).append("      ").append(each.getMessage());
      }
    }
    return text.toString();
  }
}
