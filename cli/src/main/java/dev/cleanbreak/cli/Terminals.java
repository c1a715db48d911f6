package dev.cleanbreak.cli;

import java.io.Console;

/** Whether a person sits in front of this process. */
public final class Terminals {
  private Terminals() {}

  /** Whether both standard input and standard output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // it still is, with -Djdk.console=java.base
  public static boolean isInteractive() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
