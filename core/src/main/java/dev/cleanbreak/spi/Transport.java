package dev.cleanbreak.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the endpoints that sockets stand on. Found by {@link java.util.ServiceLoader}; the portable
 * NIO transport is always there.
 *
 * <p>Thread-safe. No method waits for the network.
 */
public interface Transport {
  /** A short lower-case name, as given to the property {@code dev.cleanbreak.transport}. */
  String name();

  /**
   * Why this transport cannot be used in this process; null if it can. Asked before anything else
   * is, and without effects that a user would see.
   */
  default @Nullable String whyNot() {
    return null;
  }

  /** Opens an unbound, unconnected TCP endpoint. */
  StreamPort openStream() throws IOException;

  /** Opens an unbound TCP listener. */
  ListenerPort openListener() throws IOException;

  /** Opens an unbound UDP endpoint. */
  DatagramPort openDatagram() throws IOException;

  /** Opens a poller for the drainer, which waits for room on many streams at once. */
  WritePoller openWritePoller() throws IOException;
}
