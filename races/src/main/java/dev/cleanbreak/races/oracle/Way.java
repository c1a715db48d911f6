package dev.cleanbreak.races.oracle;

import dev.cleanbreak.CutKind;

/** What cuts the call. */
enum Way {
  CANCEL(CutKind.CANCELLED),
  DEADLINE(CutKind.DEADLINE),
  TIMEOUT(CutKind.TIMEOUT),
  INTERRUPT(CutKind.INTERRUPTED),
  CLOSE(CutKind.CLOSED);

  private final CutKind kind;

  Way(CutKind kind) {
    this.kind = kind;
  }

  /** The kind that the exception must name. */
  CutKind kind() {
    return kind;
  }

  /** Whether the cut stands until the scope is left, so that every later call is cut as well. */
  boolean stands() {
    return this != TIMEOUT;
  }

  String id() {
    return Ids.of(this);
  }
}
