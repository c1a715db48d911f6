package dev.cleanbreak.cli.demo;

import dev.cleanbreak.CutKind;

/** A way of ending a blocked call, and what the contract says of a call that it has ended. */
enum Way {
  INTERRUPT(
      "a third-party timer interrupts the thread",
      CutKind.INTERRUPTED,
      Who.UNSEEN,
      "SpoolerTimer.interruptWorker"),
  FUTURE_CANCEL(
      "a UI thread calls Future.cancel(true)",
      CutKind.INTERRUPTED,
      Who.UNSEEN,
      "StatusWindow.cancelJob"),
  SHUTDOWN_NOW(
      "another thread calls ExecutorService.shutdownNow",
      CutKind.INTERRUPTED,
      Who.UNSEEN,
      "PoolReaper.shutPoolDown"),
  CLOSE(
      "a third-party timer (java.util.Timer) closes the socket",
      CutKind.CLOSED,
      Who.NAMED,
      "SpoolerTimer.closeConnection"),
  READ_TIMEOUT("setSoTimeout", CutKind.TIMEOUT, Who.OWN_LIMIT, ""),
  WRITE_TIMEOUT(
      "a write timeout; the JDK has none: setSoTimeout is set and does nothing here",
      CutKind.TIMEOUT,
      Who.OWN_LIMIT,
      ""),
  DEADLINE(
      "a deadline; JDK writes: Future.get with a limit, then cancel(true);"
          + " JDK reads: setSoTimeout with what is left",
      CutKind.DEADLINE,
      Who.OWN_LIMIT,
      ""),
  SCOPE_CANCEL(
      "a UI thread cancels the job's scope; the JDK has none: it closes the socket",
      CutKind.CANCELLED,
      Who.NAMED,
      "StatusWindow.cancelJob");

  /** What happens, in words. */
  final String text;

  /** What the exception must call it. */
  final CutKind cutKind;

  /** How much the exception can say of who did it. */
  final Who who;

  /** The third-party code that it must name if it names any; empty if there is none. */
  final String culprit;

  Way(String text, CutKind cutKind, Who who, String culprit) {
    this.text = text;
    this.cutKind = cutKind;
    this.who = who;
    this.culprit = culprit;
  }

  /** Whether this way ends the connection by its nature. */
  boolean closes() {
    return this == CLOSE;
  }

  /** Whether a limit that the client itself has set ends the call, and no third party. */
  boolean isOwnLimit() {
    return who == Who.OWN_LIMIT;
  }

  /** The third-party code that ends the call on the JDK's sockets; empty if there is none. */
  String culpritOnJdk() {
    return this == SCOPE_CANCEL ? "StatusWindow.closeConnection" : culprit;
  }

  boolean appliesTo(Blocked call) {
    return switch (this) {
      case READ_TIMEOUT -> call == Blocked.READ;
      case WRITE_TIMEOUT -> call == Blocked.WRITE;
      default -> true;
    };
  }
}
