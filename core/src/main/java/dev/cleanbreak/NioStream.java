package dev.cleanbreak;

import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A TCP endpoint on a {@link SocketChannel}. */
final class NioStream extends NioPort<SocketChannel> implements StreamPort {
  /**
   * The most that one system call moves. The channel copies a heap buffer to a native one of the
   * same size first; without a bound, a write of 64 MiB would allocate as much.
   */
  private static final int CHUNK = 128 * 1024;

  private static final int NO_LINGER = -1;
  private static final int RESET = 0;

  /** What the channel's socket says when the kernel does not take the byte of urgent data. */
  private static final String NO_ROOM = "Socket buffer full";

  /** Of the channels only; sockets have {@link #urgentInline} for it. */
  private static final String URGENT_INLINE = "SO_OOBINLINE";

  private static final int NONE = -1;

  /**
   * A byte that a look has taken from the channel, which cannot be looked at otherwise: the next
   * one that is read. Changed by reading calls, which do not overlap.
   */
  private volatile int seen = NONE;

  /** What a look has failed with: the kernel may tell of a failure only once. */
  private @Nullable IOException failed;

  /** The channel's own stream: the only way to ask it what is available. */
  private volatile @Nullable InputStream adaptor;

  NioStream(SocketChannel channel) throws IOException {
    super(channel);
  }

  /**
   * The close of a connection returns at once, also where virtual threads leave no carrier free.
   */
  @Override
  Duration mostRelease() {
    return Duration.ofMillis(10);
  }

  @Override
  public boolean connect(SocketAddress remote) throws IOException {
    return asSocket(() -> channel.connect(remote));
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    return channel.getRemoteAddress();
  }

  @Override
  public boolean finishConnect() throws IOException {
    try {
      return channel.finishConnect();
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (seen != NONE && length > 0) {
      // By itself: a failure of a second read would hide it.
      target[offset] = (byte) seen;
      seen = NONE;
      return 1;
    }
    if (failed != null) {
      throw SocketExceptions.of(failed.getMessage(), failed);
    }
    try {
      return channel.read(ByteBuffer.wrap(target, offset, Math.min(length, CHUNK)));
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  @Override
  public int peek() throws IOException {
    if (seen != NONE) {
      return 1;
    }
    byte[] one = new byte[1];
    try {
      int n = read(one, 0, 1);
      if (n > 0) {
        seen = Byte.toUnsignedInt(one[0]);
      }
      return n;
    } catch (IOException e) {
      if (failed == null) {
        failed = e;
      }
      throw e;
    }
  }

  @Override
  public int write(byte[] source, int offset, int length) throws IOException {
    try {
      return channel.write(ByteBuffer.wrap(source, offset, Math.min(length, CHUNK)));
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  @Override
  public int available() throws IOException {
    InputStream stream = adaptor;
    if (stream == null) {
      stream = channel.socket().getInputStream();
      adaptor = stream;
    }
    // In this order: a look that runs meanwhile must not make one byte count twice.
    int taken = seen == NONE ? 0 : 1;
    return taken + stream.available();
  }

  @Override
  public boolean sendUrgent(int data) throws IOException {
    try {
      channel.socket().sendUrgentData(data);
      return true;
    } catch (IOException e) {
      if (NO_ROOM.equals(e.getMessage())) {
        return false;
      }
      throw asSocketException(e);
    }
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return super.supportedOptions().stream()
        .filter(option -> !option.name().equals(URGENT_INLINE))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public boolean urgentInline() throws IOException {
    return channel.socket().getOOBInline();
  }

  @Override
  public void urgentInline(boolean on) throws IOException {
    channel.socket().setOOBInline(on);
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return; // a channel closes itself when its connect fails
    }
    try (channel) {
      int linger = channel.getOption(StandardSocketOptions.SO_LINGER);
      if (linger > 0) {
        channel.setOption(StandardSocketOptions.SO_LINGER, NO_LINGER);
      }
      if (linger != RESET && channel.isConnected()) {
        // The end goes out before the kernel can answer unread bytes with a reset.
        channel.shutdownOutput();
      }
    }
  }
}
