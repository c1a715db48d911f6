package dev.cleanbreak;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the three kinds of NIO channels have in common. */
abstract class NioPort<C extends SelectableChannel & NetworkChannel> implements Port {
  final C channel;

  private volatile @Nullable NioParking parking;

  NioPort(C channel) throws IOException {
    this.channel = channel;
    try {
      channel.configureBlocking(false);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public final Readiness newReadiness() {
    return new NioReadiness(this);
  }

  /** Where the virtual threads that wait for this channel park; made at the first such wait. */
  final NioParking parking() throws IOException {
    NioParking made = parking;
    if (made == null) {
      synchronized (this) {
        made = parking;
        if (made == null) {
          made = NioPoller.register(channel);
          parking = made;
        }
      }
    }
    return made;
  }

  /** Returns once the closed channel's descriptor is free, or after {@link #mostRelease}. */
  final void awaitRelease() {
    NioParking made = parking;
    if (made != null && !channel.isOpen()) {
      made.release(channel, mostRelease().toNanos());
    }
  }

  /** How long a close may wait for the poller; with its port number somebody may want to listen. */
  Duration mostRelease() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void bind(@Nullable SocketAddress local) throws IOException {
    asSocket(() -> channel.bind(local));
  }

  @Override
  public final @Nullable SocketAddress localAddress() throws IOException {
    return channel.getLocalAddress();
  }

  @Override
  public final <T> void setOption(SocketOption<T> option, T value) throws IOException {
    channel.setOption(option, value);
  }

  @Override
  public final <T> T getOption(SocketOption<T> option) throws IOException {
    return channel.getOption(option);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return channel.supportedOptions();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** A piece of work on a channel, which never waits. */
  @FunctionalInterface
  interface ChannelWork<T> {
    T run() throws IOException;
  }

  /**
   * Does what sockets fail at with a SocketException: channels throw unchecked exceptions for an
   * address or a state that does not allow it.
   */
  static <T> T asSocket(ChannelWork<T> work) throws IOException {
    try {
      return work.run();
    } catch (IOException e) {
      throw asSocketException(e);
    } catch (UnsupportedAddressTypeException e) {
      throw SocketExceptions.of("Protocol family not supported by this socket", e);
    } catch (AlreadyBoundException e) {
      throw SocketExceptions.of("Already bound", e);
    } catch (ConnectionPendingException e) {
      throw SocketExceptions.of("Connection in progress", e);
    } catch (AlreadyConnectedException e) {
      throw SocketExceptions.of("Already connected", e);
    }
  }

  /** Channels throw plain IOExceptions where sockets throw SocketExceptions. */
  static IOException asSocketException(IOException e) {
    return e.getClass() == IOException.class ? SocketExceptions.of(e) : e;
  }
}
