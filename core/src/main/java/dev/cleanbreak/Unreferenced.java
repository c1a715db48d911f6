package dev.cleanbreak;

import java.lang.System.Logger.Level;

/** Gives the descriptor of a socket back that was dropped without a close, and says so. */
record Unreferenced(Endpoint endpoint) implements Runnable {
  private static final System.Logger LOG = System.getLogger("dev.cleanbreak");

  @Override
  public void run() {
    if (endpoint.isClosed() || !endpoint.hasPort()) {
      return;
    }
    LOG.log(
        Level.WARNING,
        "a socket was never closed and is closed now that nothing refers to it: local {0}, remote {1}",
        endpoint.localAddressOrNull(),
        endpoint.remoteAddressOrNull());
    endpoint.abandon();
  }
}
