package dev.cleanbreak.cli.demo;

/** The call that is blocked when the cut comes. */
enum Blocked {
  /** The client sends a job into a window that is full. */
  WRITE,
  /** The client waits for the rest of the printer's status. */
  READ
}
