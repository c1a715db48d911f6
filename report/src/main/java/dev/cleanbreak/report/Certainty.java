package dev.cleanbreak.report;

import java.util.Locale;

/** How sure a verdict is. */
public enum Certainty implements Named {
  /** Seen: the act and the call that it ended. */
  CERTAIN,
  /** The act was seen; what it was for is read from names and times. */
  LIKELY,
  /** It fits, and nothing better was seen. */
  POSSIBLE;

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
