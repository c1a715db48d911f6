package dev.cleanbreak.cli.demo;

import dev.cleanbreak.cli.Terminals;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** How far the demo has come: one line that changes, or on no terminal a line now and then. */
final class Progress implements Consumer<Report>, AutoCloseable {
  private static final int LINES = 4;
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintWriter err;
  private final int cells;
  private final boolean terminal = Terminals.isInteractive();
  private int done;

  Progress(PrintWriter err, int cells) {
    this.err = err;
    this.cells = cells;
    show("starting a printer and a print client ...");
  }

  @Override
  public void accept(Report report) {
    done++;
    if (terminal || done == cells || done % Math.max(1, cells / LINES) == 0) {
      show(done + " of " + cells + " calls cut");
    }
  }

  private void show(String text) {
    if (terminal) {
      err.print(ERASE_LINE + text);
    } else {
      err.println("cleanbreak demo: " + text);
    }
    err.flush();
  }

  @Override
  public void close() {
    if (terminal) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}
