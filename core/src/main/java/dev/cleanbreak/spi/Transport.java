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
   * Why this transport is not to be used in this process; null if it is. Asked before anything else
   * is.
   *
   * @param named whether the user has named it, and so accepts a warning that the JDK may print;
   *     else nothing that a user would see comes of it
   */
  default @Nullable String whyNot(boolean named) {
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
