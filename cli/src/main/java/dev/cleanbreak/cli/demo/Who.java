package dev.cleanbreak.cli.demo;

/** What an exception says of who ended the call. */
enum Who {
  /** It names the thread and the third-party code. */
  NAMED,
  /** It names the call's own timeout or the scope's deadline: nobody else did it. */
  OWN_LIMIT,
  /** It says plainly that whoever did it was not seen. */
  UNSEEN,
  /** Nothing. */
  SILENT
}
