package dev.cleanbreak;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The library's log, {@code dev.cleanbreak}. Whoever logs goes on with what it does: a logger that
 * fails, for want of memory or descriptors or by a handler's fault, is not heard.
 */
final class Log {
  private static volatile @Nullable Logger logger;

  private Log() {}

  /** A message as of {@link java.text.MessageFormat}. */
  static void log(Level level, String format, @Nullable Object... values) {
    try {
      logger().log(level, format, values);
    } catch (RuntimeException | Error ignored) {
      // Nobody is left to tell.
    }
  }

  /** Whether anybody would hear it: saves putting a message together. */
  static boolean isOn(Level level) {
    try {
      return logger().isLoggable(level);
    } catch (RuntimeException | Error ignored) {
      return false;
    }
  }

  static void log(Level level, String message, Throwable thrown) {
    try {
      logger().log(level, message, thrown);
    } catch (RuntimeException | Error ignored) {
      // As above.
    }
  }

  /** Kept: to look it up costs a good part of what a cut costs. Two who find none make the same. */
  private static Logger logger() {
    Logger known = logger;
    if (known == null) {
      known = System.getLogger("dev.cleanbreak");
      logger = known;
    }
    return known;
  }
}
