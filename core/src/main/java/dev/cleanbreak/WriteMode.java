package dev.cleanbreak;

/** What a write does when it is cut. */
enum WriteMode {
  /** Throws before the first byte; carries the tail after it, or throws with the exact count. */
  THROW_OR_CARRY,
  /** Carries at any point; throws only when the carry is full. */
  CARRY,
  /** As {@link #CARRY} for a TLS record: one that cannot be carried poisons the output. */
  CARRY_RECORD,
  /** Never carries; what was not sent stays in the caller's buffer. */
  EXACT
}
