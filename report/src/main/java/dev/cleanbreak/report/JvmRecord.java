package dev.cleanbreak.report;

import java.time.Instant;
import java.util.List;

/**
 * Which JVM the lines after this one come from.
 *
 * @param time when the recording began
 * @param pid the process
 * @param main what the JVM was started with: the main class or jar and its arguments' first word
 * @param java the version of the JVM
 * @param host the name of the host
 * @param agent the version of what records
 * @param found which probes stand, as {@code class#method}
 * @param missing which probes should stand on that JVM and do not
 */
public record JvmRecord(
    Instant time,
    long pid,
    String main,
    String java,
    String host,
    String agent,
    List<String> found,
    List<String> missing)
    implements Entry {
  public JvmRecord {
    found = List.copyOf(found);
    missing = List.copyOf(missing);
  }
}
