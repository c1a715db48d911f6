package dev.cleanbreak.cli.agent;

/** What was asked for cannot be done; the message says what, why, and what to do, in one line. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  Refused(String message) {
    super(message);
  }

  Refused(String message, Throwable cause) {
    super(message, cause);
  }
}
