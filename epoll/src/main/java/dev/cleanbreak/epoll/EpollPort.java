package dev.cleanbreak.epoll;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor of this transport's own, non-blocking and closed in children from the start.
 *
 * <p>The kernel tells of each change once (edge-triggered), and it does so to the poller. So the
 * port remembers: {@link #readable} and {@link #writable} say that a try may be worth it. A try
 * clears the mark <em>before</em> it asks the kernel; a change that comes after the question sets
 * it again, and one that came before is in the answer. Only a try that has emptied, or filled, what
 * the kernel has leaves the mark cleared: of what is still there the kernel tells no more. A wait
 * clears nothing, as no try need follow it.
 */
abstract class EpollPort implements Port {
  private static final int READ_EVENTS = Abi.EPOLLIN | Abi.EPOLLPRI | Abi.EPOLLRDHUP;

  /** What concerns both directions. An error is told to one try and over; a hangup stays. */
  private static final int BOTH = Abi.EPOLLHUP | Abi.EPOLLERR;

  /** So many waits of platform threads in a row, and the poller is told of the port no more. */
  static final int PLATFORM_WAITS = 16;

  final int fd;
  final int family;
  final Set<SocketOption<?>> options;

  volatile boolean readable;
  volatile boolean writable;

  /** The peer has ended, or all is over: whoever wants to read need never wait again. */
  private volatile boolean ended;

  /** There has been urgent data, at which a read stops though there is more. */
  volatile boolean urgent;

  private volatile @Nullable EpollReadiness reader;
  private volatile @Nullable EpollReadiness writer;

  /** Who watches this for virtual threads; null while none waits. Written under the monitor. */
  private volatile @Nullable Poller poller;

  /** The number of the present registration, which comes back with its events. */
  volatile int registration;

  private int platformWaits;
  private boolean bound;
  private boolean closed;

  EpollPort(int fd, int family, Set<SocketOption<?>> options) {
    this.fd = fd;
    this.family = family;
    this.options = options;
  }

  @Override
  public final Readiness newReadiness() {
    return new EpollReadiness(this);
  }

  // ---- waiting

  /** A platform thread is about to wait by itself. */
  final void platformWait() {
    if (poller != null && ++platformWaits > PLATFORM_WAITS) {
      // Each segment that comes in would wake the poller for nobody.
      leaveIdlePoller();
    }
  }

  /**
   * Leaves the poller unless a virtual thread waits in the other direction. That one publishes
   * itself and then looks at {@link #poller}, which is cleared here before the look for it: so it
   * is seen here, or it joins anew, after this.
   */
  private synchronized void leaveIdlePoller() {
    Poller left = poller;
    poller = null;
    platformWaits = 0;
    if (isParked(reader) || isParked(writer)) {
      poller = left;
    } else if (left != null) {
      left.unwatch(this);
    }
  }

  private static boolean isParked(@Nullable EpollReadiness place) {
    return place != null && place.isParked();
  }

  /** A virtual thread is about to wait: the poller watches from now on. */
  final void virtualWait(EpollReadiness place, int interest) throws IOException {
    if ((interest & (Readiness.READ | Readiness.ACCEPT)) != 0) {
      reader = place;
    }
    if ((interest & (Readiness.WRITE | Readiness.CONNECT)) != 0) {
      writer = place;
    }
    if (poller == null) {
      joinPoller();
    }
    platformWaits = 0;
  }

  private synchronized void joinPoller() throws IOException {
    if (poller == null) {
      Poller joined = Poller.of(fd);
      joined.watch(this);
      poller = joined;
    }
  }

  /** Whether the poller tells of changes. */
  final boolean isWatched() {
    return poller != null;
  }

  /** Whether a try for {@code interest} is worth it. */
  final boolean isReady(int interest) {
    return ((interest & (Readiness.READ | Readiness.ACCEPT)) != 0 && (readable || ended))
        || ((interest & (Readiness.WRITE | Readiness.CONNECT)) != 0 && writable);
  }

  /** By the poller: the kernel tells of {@code events}. */
  final void changed(int events) {
    if ((events & (Abi.EPOLLRDHUP | Abi.EPOLLHUP)) != 0) {
      ended = true;
    }
    if ((events & Abi.EPOLLPRI) != 0) {
      // Before the mark: a read that clears it sees this.
      urgent = true;
    }
    if ((events & (READ_EVENTS | BOTH)) != 0) {
      readable = true;
      wake(reader);
    }
    if ((events & (Abi.EPOLLOUT | BOTH)) != 0) {
      writable = true;
      wake(writer);
    }
  }

  private static void wake(@Nullable EpollReadiness waiting) {
    if (waiting != null) {
      waiting.unpark();
    }
  }

  /** What the kernel told of before a connect is no longer true. */
  final void forgetChanges() {
    ended = false;
    readable = false;
    writable = false;
  }

  // ---- addresses and options

  @Override
  public void bind(@Nullable SocketAddress local) throws IOException {
    if (bound) {
      throw new SocketException("Already bound");
    }
    SocketAddress asked = local == null ? new InetSocketAddress(0) : local;
    Scratch scratch = Scratch.POOL.take();
    try {
      int length = Sockaddr.encode(asked, family, scratch.value);
      check(Libc.bind(fd, length, scratch));
      bound = true;
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  @Override
  public @Nullable SocketAddress localAddress() throws IOException {
    Scratch scratch = Scratch.POOL.take();
    try {
      check(Libc.getsockname(fd, scratch));
      InetSocketAddress found = Sockaddr.decode(scratch.value);
      return found.getPort() == 0 ? null : found;
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    of(option).set(fd, family, value);
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // of the option's own type; null for no interface
  public final <T> T getOption(SocketOption<T> option) throws IOException {
    return (T) of(option).get(fd, family, option.type());
  }

  private Option of(SocketOption<?> option) {
    Objects.requireNonNull(option, "name");
    if (!options.contains(option)) {
      throw new UnsupportedOperationException("'" + option + "' not supported");
    }
    return Option.valueOf(option.name());
  }

  @Override
  public final Set<SocketOption<?>> supportedOptions() {
    return options;
  }

  // ---- the end

  @Override
  public final void close() throws IOException {
    if (closed) {
      return; // its number may be somebody else's by now
    }
    closed = true;
    try {
      beforeClose();
    } finally {
      closeForGood();
    }
  }

  /** The last that is done with the descriptor. */
  void beforeClose() throws IOException {}

  private synchronized void closeForGood() throws IOException {
    Poller left = poller;
    if (left != null) {
      // Before the close: a descriptor that a child still has would stay registered.
      left.unwatch(this);
      poller = null;
    }
    check(Libc.close(fd));
  }

  static void check(int result) throws SocketException {
    if (result < 0) {
      throw Errno.exception(result);
    }
  }
}
