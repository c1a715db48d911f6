package dev.cleanbreak.spi;

import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening TCP endpoint. Every call returns at once. */
public interface ListenerPort extends Port {
  /** Binds and listens; a {@code backlog} of 0 or less stands for the default of the system. */
  void bind(@Nullable SocketAddress local, int backlog) throws IOException;

  /** The next connection of the queue, or null when there is none now. */
  @Nullable StreamPort accept() throws IOException;
}
