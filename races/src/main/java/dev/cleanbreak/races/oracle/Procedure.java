package dev.cleanbreak.races.oracle;

import java.io.IOException;

/** What is done in a cell of one layer, and what must have come of it. */
@FunctionalInterface
interface Procedure {
  /**
   * Runs one cell.
   *
   * @throws Broken if the contract did not hold
   * @throws IOException if something failed that must not fail
   */
  Outcome run(Attempt attempt) throws IOException;
}
