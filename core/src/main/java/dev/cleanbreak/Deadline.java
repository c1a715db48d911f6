package dev.cleanbreak;

import java.time.Duration;

/**
 * A point in time by which work must be done, on a clock that never jumps. Immutable; meaningful
 * within this JVM only.
 */
public final class Deadline implements Comparable<Deadline> {
  private static final Deadline NONE = new Deadline(Ticks.NEVER);

  private final long at;

  private Deadline(long at) {
    this.at = at;
  }

  static Deadline ofTicks(long at) {
    return at == Ticks.NEVER ? NONE : new Deadline(at);
  }

  /** The deadline that never passes. */
  public static Deadline none() {
    return NONE;
  }

  /**
   * The deadline {@code duration} from now.
   *
   * @throws IllegalArgumentException if {@code duration} is negative or longer than 100 years
   */
  public static Deadline after(Duration duration) {
    return new Deadline(Ticks.after(Ticks.now(), Ticks.nanos("duration", duration)));
  }

  long ticks() {
    return at;
  }

  /** Whether this deadline can pass at all. */
  public boolean isNone() {
    return at == Ticks.NEVER;
  }

  /** Whether the deadline has passed. */
  public boolean hasPassed() {
    return at != Ticks.NEVER && Ticks.now() >= at;
  }

  /** What is left: zero once it has passed, {@link Long#MAX_VALUE} nanoseconds if none. */
  public Duration remaining() {
    return Duration.ofNanos(isNone() ? Long.MAX_VALUE : Math.max(0, at - Ticks.now()));
  }

  @Override
  public int compareTo(Deadline other) {
    return Long.compare(at, other.at);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Deadline that && that.at == at;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(at);
  }

  @Override
  public String toString() {
    return isNone() ? "Deadline[none]" : "Deadline[in " + remaining() + "]";
  }
}
