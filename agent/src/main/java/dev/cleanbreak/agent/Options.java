package dev.cleanbreak.agent;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for: {@code name=value}, separated by commas.
 *
 * @param out the file for JSON lines, null for none
 * @param log where a line for each cut goes
 */
record Options(@Nullable Path out, Log log) {

  /** Where a line for each cut goes. */
  enum Log {
    OFF,
    /** The standard error output. */
    STDERR,
    /** The program's own logging, by way of {@link System.Logger}. */
    LOGGER
  }

  static Options parse(String text) {
    Path out = null;
    Log log = Log.OFF;
    for (String option : text.split(",", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      switch (name) {
        case "", "failure" -> {} // the latter is AgentMain's
        case "out" -> out = path(value);
        case "log" -> log = log(value);
        default ->
            throw new IllegalArgumentException(
                "option \"" + name + "\" is not known; known are out, log, and undo by attaching");
      }
    }
    return new Options(out, log);
  }

  /** With the process id for {@code %p}, so that many JVMs can share one line of options. */
  private static Path path(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("option \"out\" names no file");
    }
    return Path.of(value.replace("%p", Long.toString(ProcessHandle.current().pid())));
  }

  private static Log log(String value) {
    for (Log log : Log.values()) {
      if (log.name().toLowerCase(Locale.ROOT).equals(value)) {
        return log;
      }
    }
    throw new IllegalArgumentException(
        "option \"log\" is \"" + value + "\"; it can be off, stderr or logger");
  }
}
