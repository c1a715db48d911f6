package dev.cleanbreak;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ServerSocket} whose accept can be cut and which then goes on listening; it accepts
 * {@link CleanSocket}s with the settings of its own. A cut accept drops no connection: what is in
 * the queue stays there for the next one.
 *
 * <p>An interrupt cuts the accept and leaves the listener open, on platform and virtual threads
 * alike; {@link InterruptPolicy} offers the JDK's ways. Thread-safe; several threads may accept,
 * one at a time, and their wait for each other is cut like the rest. A new server socket owns no
 * descriptor before it is bound or asked for an option.
 */
public final class CleanServerSocket extends ServerSocket {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int DEFAULT_BACKLOG = 50;

  private final Listener listener;
  private final Cleaner.Cleanable unreferenced;
  private volatile boolean bound;
  private volatile int backlog;

  /** As it was given: the kernel reports the IPv6 wildcard for the one of IPv4. */
  private volatile @Nullable InetAddress address;

  /** A new unbound server socket with the standard settings. */
  public CleanServerSocket() {
    this(SocketSettings.standard());
  }

  /** A new unbound server socket. */
  public CleanServerSocket(SocketSettings settings) {
    super(new NoSocketImpl());
    this.listener = new Listener(settings);
    this.unreferenced = CLEANER.register(this, new Unreferenced(listener));
  }

  /** A server socket that listens on {@code port} of every address; 0 takes a free port. */
  public CleanServerSocket(int port) throws IOException {
    this(port, DEFAULT_BACKLOG, null);
  }

  /** As {@link #CleanServerSocket(int)} with a limit on the connections not yet accepted. */
  public CleanServerSocket(int port, int backlog) throws IOException {
    this(port, backlog, null);
  }

  /**
   * A server socket that listens on one address.
   *
   * @param backlog the limit on connections not yet accepted; less than 1 stands for 50
   * @param address null for every address
   */
  public CleanServerSocket(int port, int backlog, @Nullable InetAddress address)
      throws IOException {
    this(SocketSettings.standard());
    bindOrClose(new InetSocketAddress(address, port), backlog);
  }

  private void bindOrClose(InetSocketAddress address, int backlog) throws IOException {
    try {
      bind(address, backlog);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void bind(@Nullable SocketAddress endpoint) throws IOException {
    bind(endpoint, DEFAULT_BACKLOG);
  }

  @Override
  public void bind(@Nullable SocketAddress endpoint, int backlog) throws IOException {
    requireOpen();
    if (bound) {
      throw new SocketException("Already bound to " + listener.localAddressOrNull());
    }
    InetSocketAddress local =
        endpoint == null ? new InetSocketAddress(0) : Arguments.inetAddress("bind", endpoint);
    if (local.isUnresolved()) {
      throw new SocketException("Unresolved address: " + local);
    }
    int limit = backlog < 1 ? DEFAULT_BACKLOG : backlog;
    listener.bind(local, limit);
    this.backlog = limit;
    address = local.getAddress();
    bound = true;
  }

  /** The limit on connections not yet accepted, as it was asked for; 0 before the bind. */
  int backlog() {
    return backlog;
  }

  /**
   * Waits for a connection. A throw has dropped none.
   *
   * @throws CancelledIOException if a scope or an interrupt cut the call
   * @throws CutTimeoutException if a deadline or the accept timeout passed
   * @throws CutSocketException if another thread closed the server socket
   */
  @Override
  public CleanSocket accept() throws IOException {
    requireOpen();
    if (!bound) {
      throw new SocketException("Socket is not bound yet");
    }
    return new CleanSocket(listener.accept());
  }

  /**
   * Closes the listener, from any thread. Accepts inside end at once, and when this returns they
   * have let go of the port, so that it can be bound again; one that gets no processor for a second
   * is not waited for.
   */
  @Override
  public void close() {
    listener.close(CutCause.here(CutKind.CLOSED, null, null));
    unreferenced.clean(); // there is nothing left for it to do
    listener.awaitFree();
  }

  /** Null, as for every server socket that was not made by a channel. */
  @Override
  public @Nullable ServerSocketChannel getChannel() {
    return null;
  }

  @Override
  public boolean isBound() {
    return bound;
  }

  @Override
  public boolean isClosed() {
    return listener.isClosed();
  }

  private void requireOpen() throws SocketException {
    if (isClosed()) {
      throw listener.socketIsClosed();
    }
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return address;
  }

  @Override
  public int getLocalPort() {
    InetSocketAddress local = listener.localAddressOrNull();
    return local == null ? -1 : local.getPort();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return bound ? new InetSocketAddress(getInetAddress(), getLocalPort()) : null;
  }

  /** Sets the accept timeout from the next accept on, in milliseconds; 0 for none. */
  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    requireOpen();
    listener.nextAcceptTimeout(Arguments.timeoutNanos(timeout));
  }

  @Override
  public int getSoTimeout() throws IOException {
    requireOpen();
    return Arguments.timeoutMillis(listener.acceptTimeout());
  }

  /**
   * Sets how long an accept waits, also for the one that waits now; zero for no limit.
   *
   * @throws IllegalArgumentException if {@code timeout} is negative or longer than 100 years
   */
  public void setAcceptTimeout(Duration timeout) throws SocketException {
    long nanos = SocketSettings.limit("accept timeout", timeout);
    requireOpen();
    listener.acceptTimeout(nanos);
  }

  @Override
  public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
    Objects.requireNonNull(name, "name");
    listener.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    Objects.requireNonNull(name, "name");
    return listener.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return listener.supportedOptions();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    listener.set(StandardSocketOptions.SO_REUSEADDR, on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return listener.get(StandardSocketOptions.SO_REUSEADDR);
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    listener.set(StandardSocketOptions.SO_RCVBUF, Arguments.positive("receive size", size));
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return listener.get(StandardSocketOptions.SO_RCVBUF);
  }

  /** Has no effect, as in the JDK's own implementation. */
  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

  @Override
  public String toString() {
    return bound
        ? "ServerSocket[addr=" + getInetAddress() + ",localport=" + getLocalPort() + "]"
        : "ServerSocket[unbound]";
  }
}
