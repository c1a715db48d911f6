package dev.cleanbreak.races.oracle;

/** What a cut write does before its first byte. */
enum Mode {
  /** Throws. */
  DEFAULT,
  /** Carries. */
  CARRY_ALWAYS;

  String id() {
    return Ids.of(this);
  }
}
