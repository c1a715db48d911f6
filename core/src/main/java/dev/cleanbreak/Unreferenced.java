package dev.cleanbreak;

import java.lang.System.Logger.Level;

/** Gives the descriptor of a socket back that was dropped without a close, and says so. */
record Unreferenced(Endpoint endpoint) implements Runnable {
  @Override
  public void run() {
    if (endpoint.isClosed() || !endpoint.hasPort()) {
      return;
    }
    Log.log(
        Level.WARNING,
        "a socket was never closed and is closed now that nothing refers to it: local {0}, remote {1}",
        endpoint.localAddressOrNull(),
        endpoint.remoteAddressOrNull());
    endpoint.abandon();
  }
}
