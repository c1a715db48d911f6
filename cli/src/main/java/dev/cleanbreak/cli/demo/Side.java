package dev.cleanbreak.cli.demo;

/** Whose sockets the print client uses. */
enum Side {
  JDK,
  CLEANBREAK
}
