package dev.cleanbreak;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of the connections of a {@link CleanServer} that was shut down.
 *
 * @param server the server's name
 * @param grace what its handlers were given to come to their end
 * @param took how long the shutdown took
 * @param ends one for each connection that was open when it began or was still taken from the
 *     backlog, in the order of their ends
 */
public record ShutdownReport(String server, Duration grace, Duration took, List<End> ends) {
  public ShutdownReport {
    Objects.requireNonNull(server, "server");
    ends = List.copyOf(ends);
  }

  /** How a connection came to its end. */
  public enum How {
    /** Its handler ended by itself within the grace. */
    DRAINED,
    /** Its handler was waiting in {@link ServedConnection#idle} and was told at once. */
    IDLE,
    /** Its handler ended when its scope was cut at the end of the grace. */
    CUT,
    /** Its handler took no notice of the cut; it ended when its socket was reset under it. */
    FORCED,
    /** Its handler still runs, with its socket reset; its stack says where. */
    STUCK,
    /** Its handler itself called for the shutdown, and goes on. */
    CALLER
  }

  /**
   * The end of one connection.
   *
   * @param connection its name, which is that of its thread and scope, too
   * @param remote the client's address, or null if it was not known
   * @param how how it ended
   * @param age from its acceptance to its end, or to this report
   * @param stack where its handler stood when it was forced or found stuck; else empty
   */
  public record End(
      String connection,
      @Nullable SocketAddress remote,
      How how,
      Duration age,
      List<StackTraceElement> stack) {}

  /** How many connections ended so. */
  public long count(How how) {
    return ends.stream().filter(end -> end.how() == how).count();
  }

  /** Whether every handler ended by itself, or was idle. */
  public boolean isClean() {
    return ends.stream().noneMatch(end -> isCut(end.how()));
  }

  private static boolean isCut(How how) {
    return how == How.CUT || how == How.FORCED || how == How.STUCK;
  }

  /** One line, and one for each handler that was cut, with its stack where it has one. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(160);
    text.append("server \"").append(server).append("\" shut down in ").append(seconds(took));
    text.append(" (grace ").append(seconds(grace)).append("): ");
    for (How how : How.values()) {
      long count = count(how);
      if (count > 0 || how == How.DRAINED) {
        text.append(how == How.DRAINED ? "" : ", ").append(count).append(' ').append(word(how));
      }
    }
    for (End end : ends) {
      if (isCut(end.how())) {
        text.append(System.lineSeparator()).append("  ").append(word(end.how())).append(": ");
        text.append(end.connection()).append(", client ").append(end.remote());
        text.append(", open for ").append(seconds(end.age()));
        for (StackTraceElement frame : end.stack()) {
          text.append(System.lineSeparator()).append("      at ").append(frame);
        }
      }
    }
    return text.toString();
  }

  private static String word(How how) {
    return how.name().toLowerCase(Locale.ROOT);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
  }
}
