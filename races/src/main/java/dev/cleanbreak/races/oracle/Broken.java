package dev.cleanbreak.races.oracle;

import org.jspecify.annotations.Nullable;

/** A cell in which the contract did not hold; the message says how. */
final class Broken extends RuntimeException {
  private static final long serialVersionUID = 1;

  Broken(String how) {
    super(how);
  }

  Broken(String how, @Nullable Throwable cause) {
    super(how + ": " + cause, cause);
  }

  static void unless(boolean holds, String how) {
    if (!holds) {
      throw new Broken(how);
    }
  }
}
