package dev.cleanbreak.spi;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One descriptor of the operating system, in non-blocking mode.
 *
 * <p>The caller guarantees that no call is inside when {@link #close} runs and that none enters
 * afterwards, that reading calls do not overlap each other, and that writing calls do not either.
 * An interrupt of the calling thread never closes a port.
 */
public interface Port {
  /** A new sleeper for one direction of this port. Costs no descriptor before its first use. */
  Readiness newReadiness();

  /** Binds to {@code local}, or to a free port of the wildcard address if null. */
  void bind(@Nullable SocketAddress local) throws IOException;

  /** The bound address, or null before {@link #bind} and connect. */
  @Nullable SocketAddress localAddress() throws IOException;

  <T> void setOption(SocketOption<T> option, T value) throws IOException;

  <T> T getOption(SocketOption<T> option) throws IOException;

  /** The same set at any time, also after {@link #close}. */
  Set<SocketOption<?>> supportedOptions();

  /** Gives the descriptor back. Never waits for the peer, whatever SO_LINGER says. */
  void close() throws IOException;
}
