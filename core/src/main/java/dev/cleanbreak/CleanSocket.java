package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Cleaner;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Socket} whose blocking calls can be cut, by a {@link CancelScope}, a deadline, a read or
 * write timeout, an interrupt, or a close, and that stays usable after every cut but the last.
 *
 * <p>It can stand wherever a {@code Socket} can; where it differs from one on purpose its methods
 * say so. The differences in short:
 *
 * <ul>
 *   <li>Writes can be cut and time out, too. A cut write throws before its first byte or completes
 *       as far as its caller can see; the unsent tail is carried and sent in the background.
 *   <li>An interrupt cuts the call and leaves the socket open, on platform and virtual threads
 *       alike ({@link InterruptPolicy} offers the JDK's ways).
 *   <li>{@link #close} never waits; a positive SO_LINGER is accepted and reported but not waited
 *       for.
 *   <li>The exceptions say who cut the call: see {@link CutException}.
 * </ul>
 *
 * <p>Thread-safe. One call at a time runs in each direction; others wait for their turn, and that
 * wait is cut like the rest. A new socket owns no descriptor before it is bound, connected or asked
 * for an option.
 */
public final class CleanSocket extends Socket {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final @Nullable SocketImpl NONE = null;
  private static final int MAX_LINGER = 65_535;

  private final StreamConnection connection;
  private final Cleaner.Cleanable unreferenced;
  private final ProxyRoute route;
  private final InputStream input = new CleanInputStream(this);
  private final OutputStream output = new CleanOutputStream(this);
  private volatile boolean bound;

  /**
   * A new unconnected socket with the {@linkplain SocketSettings#standard standard settings}.
   *
   * @throws SocketException never; the constructor of {@link Socket} beneath declares it
   */
  public CleanSocket() throws SocketException {
    this(SocketSettings.standard());
  }

  /**
   * A new unconnected socket.
   *
   * @throws SocketException never; the constructor of {@link Socket} beneath declares it
   */
  public CleanSocket(SocketSettings settings) throws SocketException {
    this(new StreamConnection(settings));
  }

  /**
   * As {@link #CleanSocket(SocketSettings, Proxy)} with the standard settings.
   *
   * @throws IllegalArgumentException if {@code proxy} is null, or neither {@link Proxy#NO_PROXY}
   *     nor one with a socket address
   * @throws SocketException never; the constructor of {@link Socket} beneath declares it
   */
  public CleanSocket(Proxy proxy) throws SocketException {
    this(SocketSettings.standard(), proxy);
  }

  /**
   * A new unconnected socket that connects through {@code proxy} and asks no {@link
   * java.net.ProxySelector}; straight for {@link Proxy#NO_PROXY}.
   *
   * @throws IllegalArgumentException if {@code proxy} is null, or neither {@link Proxy#NO_PROXY}
   *     nor one with a socket address
   * @throws SocketException never; the constructor of {@link Socket} beneath declares it
   */
  public CleanSocket(SocketSettings settings, Proxy proxy) throws SocketException {
    this(new StreamConnection(settings), ProxyRoute.through(proxy));
  }

  /**
   * A socket connected to {@code port} of {@code host}, whose addresses are looked up and tried as
   * {@link #connect(SocketAddress, int)} has it, but for a proxy, which is given the address.
   *
   * @param host null stands for the loopback address
   */
  public CleanSocket(@Nullable String host, int port) throws IOException {
    this(addressOf(host, port), null);
  }

  /** A socket connected to {@code port} of {@code address}. */
  public CleanSocket(InetAddress address, int port) throws IOException {
    this(addressOf(address, port), null);
  }

  /**
   * A socket bound to a local address and connected to {@code port} of {@code host}.
   *
   * @param host null stands for the loopback address
   * @param localAddress null for every address
   * @param localPort 0 takes a free port
   */
  public CleanSocket(
      @Nullable String host, int port, @Nullable InetAddress localAddress, int localPort)
      throws IOException {
    this(addressOf(host, port), new InetSocketAddress(localAddress, localPort));
  }

  /**
   * A socket bound to a local address and connected to {@code port} of {@code address}.
   *
   * @param localAddress null for every address
   * @param localPort 0 takes a free port
   */
  public CleanSocket(
      InetAddress address, int port, @Nullable InetAddress localAddress, int localPort)
      throws IOException {
    this(addressOf(address, port), new InetSocketAddress(localAddress, localPort));
  }

  private CleanSocket(InetSocketAddress remote, @Nullable InetSocketAddress local)
      throws IOException {
    this();
    connectOrClose(remote, local);
  }

  /** Binds if {@code local} is given, then connects; a failure of either closes the socket. */
  void connectOrClose(InetSocketAddress remote, @Nullable InetSocketAddress local)
      throws IOException {
    try {
      if (local != null) {
        bind(local);
      }
      connect(remote, true, connection.settings().connectTimeout());
    } catch (IOException | RuntimeException e) {
      closeBecause("it could not be connected: " + e.getMessage());
      throw e;
    }
  }

  static InetSocketAddress addressOf(@Nullable String host, int port) {
    return host == null
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : InetSocketAddress.createUnresolved(host, port);
  }

  static InetSocketAddress addressOf(InetAddress address, int port) {
    return new InetSocketAddress(Objects.requireNonNull(address, "address"), port);
  }

  CleanSocket(StreamConnection connection) throws SocketException {
    this(connection, ProxyRoute.SELECTED);
  }

  @SuppressWarnings("NullAway") // Socket(SocketImpl) takes null: no implementation beneath
  CleanSocket(StreamConnection connection, ProxyRoute route) throws SocketException {
    super(NONE);
    this.connection = connection;
    this.route = route;
    this.bound = connection.isConnected();
    this.unreferenced = CLEANER.register(this, new Unreferenced(connection));
  }

  StreamConnection connection() {
    return connection;
  }

  // ---- connecting

  /** As {@link #connect(SocketAddress, int)} with the connect timeout of the settings. */
  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    connect(endpoint, false, connection.settings().connectTimeout());
  }

  /**
   * Connects. If it fails or is cut, the socket is closed: TCP cannot take a connect back. A
   * connect that another one keeps waiting, or that comes after it, leaves the socket alone.
   *
   * <p>A socket that was made without a {@link Proxy} asks the default {@link
   * java.net.ProxySelector}, as the JDK's does, which by default follows {@code socksProxyHost} and
   * its like; the SOCKS proxies it names are tried in turn. A destination whose name was not looked
   * up is left to the proxy by name. Talking with the proxy is part of the call: the same timeout
   * bounds the connection to it, its answers, and the tunnel. What cannot be cut is the code of a
   * {@code ProxySelector} or {@link java.net.Authenticator}.
   *
   * <p>An unresolved address ({@link InetSocketAddress#createUnresolved}) is looked up as part of
   * the call, in a thread that a cut leaves behind. If the name has several addresses they are
   * tried in the order of RFC 8305, section 4 (the families take turns; the resolver's first comes
   * first), each 250 ms after the one before (section 5), or at once when one has failed; the first
   * that connects is the connection, and the others are closed. The options that were set before
   * are those of every attempt. Both families are looked up at once, so there is no Resolution
   * Delay (section 3). From a bound socket, and to a resolved address, one address is tried, once.
   *
   * @param timeout in milliseconds; 0 stands for the connect timeout of the settings
   * @throws java.net.UnknownHostException if the name has no address; the message names it
   * @throws java.net.ConnectException if no address of a name could be reached; the message has the
   *     reason for each, and so have the suppressed exceptions
   * @throws CancelledIOException if a scope or an interrupt cut the connect
   * @throws CutTimeoutException if a deadline or the timeout did
   * @throws CutSocketException if another thread closed the socket
   */
  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    Arguments.present("connect", endpoint);
    long given = Arguments.timeoutNanos(timeout);
    connect(endpoint, false, given == Ticks.NEVER ? connection.settings().connectTimeout() : given);
  }

  private void connect(SocketAddress endpoint, boolean looksUpFirst, long timeoutNanos)
      throws IOException {
    Arguments.present("connect", endpoint);
    requireOpen();
    if (isConnected()) {
      throw new SocketException("Already connected to " + getRemoteSocketAddress());
    }
    InetSocketAddress address = Arguments.inetAddress("connect", endpoint);
    connection.connect(address, route, looksUpFirst, timeoutNanos);
    bound = true;
  }

  @Override
  public void bind(@Nullable SocketAddress bindpoint) throws IOException {
    requireOpen();
    if (bound) {
      throw new SocketException("Already bound to " + getLocalSocketAddress());
    }
    if (bindpoint != null && Arguments.inetAddress("bind", bindpoint).isUnresolved()) {
      throw new SocketException("Unresolved address: " + bindpoint);
    }
    connection.bind(bindpoint);
    bound = true;
  }

  // ---- the streams

  /**
   * The stream of what the peer sends. Closing it closes the socket. A cut read has consumed
   * nothing; loops such as {@link InputStream#readNBytes} or {@link InputStream#transferTo} lose
   * their place when cut in the middle: use {@link #stream} where that matters.
   */
  @Override
  public InputStream getInputStream() throws IOException {
    requireConnected();
    if (isInputShutdown()) {
      throw new SocketException("Socket input is shutdown");
    }
    return input;
  }

  /**
   * The stream to the peer. Closing it closes the socket. {@link OutputStream#flush} waits for what
   * a cut write has left behind; with nothing left behind it never throws.
   */
  @Override
  public OutputStream getOutputStream() throws IOException {
    requireConnected();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is shutdown");
    }
    return output;
  }

  /**
   * The connection as a {@link CleanStream}: exact counts, and calls that go on where they were.
   */
  public CleanStream stream() throws IOException {
    requireConnected();
    return new CleanStream(this);
  }

  /** Null, as for every socket that was not made by a channel. */
  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  @Override
  public void shutdownInput() throws IOException {
    requireConnected();
    if (isInputShutdown()) {
      throw new SocketException("Socket input is already shutdown");
    }
    connection.input.shutdown();
  }

  /** Ends the output behind everything that was accepted; waits for what is carried. */
  @Override
  public void shutdownOutput() throws IOException {
    requireConnected();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is already shutdown");
    }
    connection.output.shutdown();
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    requireConnected();
    connection.output.sendUrgent(data);
  }

  // ---- the end

  /**
   * Closes the socket, from any thread; never waits. Calls inside end with {@link
   * CutSocketException} that names the closer. What earlier writes have left behind is still
   * delivered in the background within the close limit, then the connection is reset. A close after
   * a cut write that was not repeated ends a truncated message like a whole one: where the peer
   * must not take it for whole, use {@link #abort}.
   */
  @Override
  public void close() {
    connection.close(CutCause.here(CutKind.CLOSED, null, null));
    unreferenced.clean(); // there is nothing left for it to do
  }

  private void closeBecause(String reason) {
    connection.close(CutCause.here(CutKind.CLOSED, reason, null));
  }

  /**
   * Ends the connection with a reset: what the kernel has accepted but not sent stays out of the
   * peer, and the peer sees that the connection broke.
   */
  public void abort() {
    connection.abort(CutCause.here(CutKind.CLOSED, "aborted", null));
  }

  @Override
  public boolean isClosed() {
    return connection.isClosed();
  }

  @Override
  public boolean isConnected() {
    return connection.isConnected();
  }

  @Override
  public boolean isBound() {
    return bound;
  }

  /**
   * Whether the peer has ended its output or has reset the connection: for pools, before a
   * connection is handed out again. Waits for nothing, consumes nothing, is not cut, and can be
   * asked at any time from any thread.
   *
   * <p>It sees what this host's kernel knows, and what a read would find next. So the answer is
   * false
   *
   * <ul>
   *   <li>while unread bytes are there: an end behind them is not seen. With TLS above, those are
   *       the records of the peer, its close_notify among them: {@link CleanSslSocket#isPeerClosed}
   *   <li>while a read waits in another thread: that one sees the end
   *   <li>after {@link #shutdownInput}, unless a read had seen the end before
   *   <li>when the peer has vanished without a word, or its word is still on the way: a false says
   *       that the next call may succeed, not that it will.
   * </ul>
   *
   * <p>A true stays true. The peer may still read: it has said only that it sends no more. A read
   * that follows finds what was seen here: the end, or the failure. After a false it may return one
   * byte by itself, where more have come.
   *
   * @throws SocketException if this socket is closed or not connected
   */
  public boolean isPeerClosed() throws SocketException {
    requireConnected();
    return connection.input.isPeerClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return connection.input.isShut();
  }

  @Override
  public boolean isOutputShutdown() {
    return connection.output.isShut();
  }

  private void requireOpen() throws SocketException {
    if (isClosed()) {
      throw connection.socketIsClosed();
    }
  }

  private void requireConnected() throws SocketException {
    requireOpen();
    if (!isConnected()) {
      throw new SocketException("Socket is not connected");
    }
  }

  // ---- addresses

  /** The destination's address, also behind a proxy; null if the proxy looked up its name. */
  @Override
  public @Nullable InetAddress getInetAddress() {
    InetSocketAddress remote = connection.remoteAddressOrNull();
    return remote == null ? null : remote.getAddress();
  }

  @Override
  public int getPort() {
    InetSocketAddress remote = connection.remoteAddressOrNull();
    return remote == null ? 0 : remote.getPort();
  }

  @Override
  public InetAddress getLocalAddress() {
    InetAddress any = new InetSocketAddress(0).getAddress();
    if (isClosed() || !(connection.localAddressOrNull() instanceof InetSocketAddress local)) {
      return any;
    }
    InetAddress address = local.getAddress();
    return address.isAnyLocalAddress() ? any : address;
  }

  @Override
  public int getLocalPort() {
    return connection.localAddressOrNull() instanceof InetSocketAddress local
        ? local.getPort()
        : -1;
  }

  /** The destination, also behind a proxy; the wildcard address if the proxy looked up its name. */
  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    InetSocketAddress remote = connection.remoteAddressOrNull();
    return remote != null && remote.isUnresolved()
        ? new InetSocketAddress(remote.getPort())
        : remote;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return bound ? new InetSocketAddress(getLocalAddress(), getLocalPort()) : null;
  }

  // ---- timeouts

  /** The read timeout in milliseconds; 0 for none. */
  @Override
  public int getSoTimeout() throws SocketException {
    requireOpen();
    return Arguments.timeoutMillis(connection.input.timeout());
  }

  /**
   * Sets the read timeout from the next read on.
   *
   * @param timeout in milliseconds; 0 for none
   */
  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    requireOpen();
    connection.input.nextTimeout(Arguments.timeoutNanos(timeout));
  }

  /**
   * Sets how long a read waits for its first byte, also for the read that waits now; zero for no
   * limit.
   *
   * @throws IllegalArgumentException if {@code timeout} is negative or longer than 100 years
   */
  public void setReadTimeout(Duration timeout) throws SocketException {
    long nanos = SocketSettings.limit("read timeout", timeout);
    requireOpen();
    connection.input.timeout(nanos);
  }

  /**
   * Sets how long a write may go without the kernel taking one byte, also for the write that waits
   * now; zero for no limit.
   *
   * @throws IllegalArgumentException if {@code timeout} is negative or longer than 100 years
   */
  public void setWriteTimeout(Duration timeout) throws SocketException {
    long nanos = SocketSettings.limit("write timeout", timeout);
    requireOpen();
    connection.output.timeout(nanos);
  }

  // ---- options

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    Objects.requireNonNull(name, "name");
    connection.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    Objects.requireNonNull(name, "name");
    return connection.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return connection.supportedOptions();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    connection.set(StandardSocketOptions.TCP_NODELAY, on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return connection.get(StandardSocketOptions.TCP_NODELAY);
  }

  /**
   * Sets SO_LINGER. Zero makes {@link #close} reset the connection, as with every socket. A
   * positive value is stored and reported, but close does not wait for it: it never waits.
   */
  @Override
  public void setSoLinger(boolean on, int linger) throws SocketException {
    requireOpen();
    if (on && linger < 0) {
      throw new IllegalArgumentException(
          "invalid value for SO_LINGER: " + linger + "; give 0 or more seconds");
    }
    connection.set(StandardSocketOptions.SO_LINGER, on ? Math.min(linger, MAX_LINGER) : -1);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return connection.get(StandardSocketOptions.SO_LINGER);
  }

  @Override
  public void setOOBInline(boolean on) throws SocketException {
    connection.urgentInline(on);
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    return connection.urgentInline();
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    connection.set(StandardSocketOptions.SO_SNDBUF, Arguments.positive("send size", size));
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return connection.get(StandardSocketOptions.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    connection.set(StandardSocketOptions.SO_RCVBUF, Arguments.positive("receive size", size));
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return connection.get(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    connection.set(StandardSocketOptions.SO_KEEPALIVE, on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return connection.get(StandardSocketOptions.SO_KEEPALIVE);
  }

  @Override
  public void setTrafficClass(int tc) throws SocketException {
    connection.set(StandardSocketOptions.IP_TOS, Arguments.trafficClass(tc));
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return connection.get(StandardSocketOptions.IP_TOS);
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    connection.set(StandardSocketOptions.SO_REUSEADDR, on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return connection.get(StandardSocketOptions.SO_REUSEADDR);
  }

  /** Has no effect, as in the JDK's own implementation. */
  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

  @Override
  public String toString() {
    return isConnected()
        ? "Socket[addr="
            + getInetAddress()
            + ",port="
            + getPort()
            + ",localport="
            + getLocalPort()
            + "]"
        : "Socket[unconnected]";
  }
}
