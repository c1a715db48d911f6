package dev.cleanbreak.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One link of the chain that ended a call.
 *
 * @param kind what was done
 * @param thread who did it
 * @param beforeNanos how long before the call ended
 * @param stack the stack of who did it, topmost first, one frame a string
 * @param code the frame of it that is nearest to the act and no part of the JDK; null if all are
 * @param origin the frame farthest from the act that is no part of the JDK, if that is in another
 *     jar than {@code code}; else null
 */
public record Act(
    ActKind kind,
    ThreadInfo thread,
    long beforeNanos,
    List<String> stack,
    @Nullable Code code,
    @Nullable Code origin) {
  public Act {
    stack = List.copyOf(stack);
  }
}
