package dev.cleanbreak.races;

import dev.cleanbreak.CutKind;

/** The ways in which the storm cuts calls. */
enum ShotKind {
  CANCEL("scope cancel", CutKind.CANCELLED),
  DEADLINE("deadline", CutKind.DEADLINE),
  READ_TIMEOUT("read timeout", CutKind.TIMEOUT),
  WRITE_TIMEOUT("write timeout", CutKind.TIMEOUT),
  INTERRUPT("interrupt", CutKind.INTERRUPTED),
  CLOSE("close", CutKind.CLOSED),
  ABORT("abort", CutKind.CLOSED);

  private final String text;
  private final CutKind cut;

  ShotKind(String text, CutKind cut) {
    this.text = text;
    this.cut = cut;
  }

  String text() {
    return text;
  }

  /** What the exception of a call cut in this way says. */
  CutKind cut() {
    return cut;
  }
}
