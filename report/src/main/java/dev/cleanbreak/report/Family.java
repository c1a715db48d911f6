package dev.cleanbreak.report;

import java.util.Locale;

/** Where the one that ended a call sits: the verdicts in a few groups. */
public enum Family {
  /** Code in the same JVM. */
  PERSON,
  /** A limit of the call's own. */
  LIMIT,
  /** The other side, or something between. */
  NETWORK,
  /** Nobody was seen. */
  UNKNOWN;

  /**
   * The group of {@code verdict}.
   *
   * @param verdict any
   * @return its group
   */
  public static Family of(Verdict verdict) {
    return switch (verdict) {
      case TIMEOUT -> LIMIT;
      case PEER_RESET, PEER_END, IDLE_DROP -> NETWORK;
      case UNKNOWN -> UNKNOWN;
      default -> PERSON;
    };
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
