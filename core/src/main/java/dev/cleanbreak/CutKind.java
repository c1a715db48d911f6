package dev.cleanbreak;

/** What ended a call before its own work did. The list is closed. */
public enum CutKind {
  /** Somebody called {@link CancelScope#cancel}. */
  CANCELLED("cancelled"),
  /** The deadline of a scope passed. */
  DEADLINE("deadline passed"),
  /** The scope had been left while a task of it still ran. */
  SCOPE_ENDED("scope ended"),
  /** The call's own timeout passed: read, write, connect or accept. */
  TIMEOUT("timed out"),
  /** {@link Thread#interrupt} hit the calling thread. */
  INTERRUPTED("interrupted"),
  /** Another thread closed the socket. */
  CLOSED("closed"),
  /** The server that owns the socket shuts down. */
  SHUTDOWN("shut down");

  private final String text;

  CutKind(String text) {
    this.text = text;
  }

  /** The kind as it stands in messages. */
  String text() {
    return text;
  }
}
