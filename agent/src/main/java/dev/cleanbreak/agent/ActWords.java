package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Deed;
import dev.cleanbreak.report.ActKind;

/** The recorder's names for what was done, and the report's. */
final class ActWords {
  private ActWords() {}

  static ActKind kind(Deed.Kind kind) {
    return switch (kind) {
      case INTERRUPT -> ActKind.INTERRUPT;
      case CLOSE -> ActKind.CLOSE;
      case SHUTDOWN_INPUT -> ActKind.SHUTDOWN_INPUT;
      case SHUTDOWN_OUTPUT -> ActKind.SHUTDOWN_OUTPUT;
      case SET_TIMEOUT -> ActKind.SET_TIMEOUT;
    };
  }

  /** As it is written in code. */
  static String call(ActKind kind) {
    return switch (kind) {
      case INTERRUPT -> "interrupt()";
      case CLOSE -> "close()";
      case SHUTDOWN_INPUT -> "shutdownInput()";
      case SHUTDOWN_OUTPUT -> "shutdownOutput()";
      case SET_TIMEOUT -> "setSoTimeout()";
      case CANCEL -> "cancel()";
    };
  }
}
