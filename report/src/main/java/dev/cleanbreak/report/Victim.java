package dev.cleanbreak.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The call that was ended.
 *
 * @param thread whose call it was
 * @param operation what it did
 * @param local the address at this end, null if unknown
 * @param remote the address at the other end, null if unknown or none
 * @param exception the class of the exception that it ended with, null if it returned
 * @param message the message of that exception
 * @param stack the stack of the call, topmost first; empty if nobody threw
 * @param blockedNanos how long it had waited, null if unknown
 */
public record Victim(
    ThreadInfo thread,
    Operation operation,
    @Nullable String local,
    @Nullable String remote,
    @Nullable String exception,
    @Nullable String message,
    List<String> stack,
    @Nullable Long blockedNanos) {
  public Victim {
    stack = List.copyOf(stack);
  }
}
