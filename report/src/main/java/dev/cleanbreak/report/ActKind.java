package dev.cleanbreak.report;

/** What somebody did that may end the call of somebody else. */
public enum ActKind implements Named {
  INTERRUPT("interrupt"),
  CLOSE("close"),
  SHUTDOWN_INPUT("shutdownInput"),
  SHUTDOWN_OUTPUT("shutdownOutput"),
  /** The setting of a limit, which was reached later. */
  SET_TIMEOUT("setTimeout"),
  /** The cut of a Cleanbreak scope. */
  CANCEL("cancel");

  private final String id;

  ActKind(String id) {
    this.id = id;
  }

  @Override
  public String id() {
    return id;
  }
}
