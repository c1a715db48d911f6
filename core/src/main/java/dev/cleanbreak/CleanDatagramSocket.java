package dev.cleanbreak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DatagramSocket} whose calls can be cut and which stays usable. A receive or send moves
 * one whole datagram or none; a cut one has moved none.
 *
 * <p>An interrupt cuts the call and leaves the socket open, on platform and virtual threads alike;
 * {@link InterruptPolicy} offers the JDK's ways. Thread-safe; one call at a time runs in each
 * direction, and waiting for the turn is cut like the rest.
 */
public final class CleanDatagramSocket extends DatagramSocket {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int MAX_PORT = 65_535;

  private final DatagramEndpoint endpoint;
  private final Cleaner.Cleanable unreferenced;
  private final Object bindLock = new Object();

  /** A socket bound to a free port of every address. */
  public CleanDatagramSocket() throws SocketException {
    this(SocketSettings.standard(), new InetSocketAddress(0));
  }

  /** A socket bound to {@code port} of every address. */
  public CleanDatagramSocket(int port) throws SocketException {
    this(SocketSettings.standard(), new InetSocketAddress(port));
  }

  /** A socket bound to {@code port} of one address; null for every address. */
  public CleanDatagramSocket(int port, @Nullable InetAddress address) throws SocketException {
    this(SocketSettings.standard(), new InetSocketAddress(address, port));
  }

  /**
   * A socket bound to {@code bindAddress}.
   *
   * @param bindAddress null leaves it unbound
   */
  public CleanDatagramSocket(@Nullable SocketAddress bindAddress) throws SocketException {
    this(SocketSettings.standard(), bindAddress);
  }

  /**
   * A socket with {@code settings}.
   *
   * @param bindAddress null leaves it unbound
   */
  public CleanDatagramSocket(SocketSettings settings, @Nullable SocketAddress bindAddress)
      throws SocketException {
    super(new NoDatagramImpl());
    this.endpoint = new DatagramEndpoint(settings);
    this.unreferenced = CLEANER.register(this, new Unreferenced(endpoint));
    if (bindAddress != null) {
      try {
        bindTo(bindAddress);
      } catch (SocketException | RuntimeException e) {
        endpoint.close(CutCause.here(CutKind.CLOSED, "bind failed", null));
        throw e;
      }
    }
  }

  // ---- addresses

  @Override
  public void bind(@Nullable SocketAddress address) throws SocketException {
    synchronized (bindLock) {
      bindTo(address == null ? new InetSocketAddress(0) : address);
    }
  }

  private void bindTo(SocketAddress address) throws SocketException {
    InetSocketAddress local = Arguments.inetAddress("bind", address);
    requireOpen();
    if (isBound()) {
      throw new SocketException("already bound to " + endpoint.localAddressOrNull());
    }
    if (local.isUnresolved()) {
      throw new SocketException("Unresolved address: " + local);
    }
    try {
      endpoint.bind(local);
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    }
  }

  private void requireBound() throws SocketException {
    synchronized (bindLock) {
      if (!isBound()) {
        bindTo(new InetSocketAddress(0));
      }
    }
  }

  @Override
  public void connect(InetAddress address, int port) {
    if (address == null) {
      throw new IllegalArgumentException("Address can't be null");
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("connect: " + port + "; give a port from 0 to 65535");
    }
    try {
      connect(new InetSocketAddress(address, port));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Connects: from now on only that peer's datagrams are received. Waits for nothing. As with every
   * {@code DatagramSocket}, a closed one ignores it.
   */
  @Override
  public void connect(SocketAddress address) throws SocketException {
    InetSocketAddress remote = Arguments.inetAddress("connect", address);
    if (remote.isUnresolved()) {
      throw new SocketException("Unresolved address: " + remote);
    }
    if (isClosed()) {
      return;
    }
    try {
      endpoint.connect(remote);
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    }
  }

  @Override
  public void disconnect() {
    if (isClosed()) {
      return;
    }
    try {
      endpoint.disconnect();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isBound() {
    return endpoint.localAddressOrNull() != null;
  }

  @Override
  public boolean isConnected() {
    return endpoint.remoteAddressOrNull() != null;
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    InetSocketAddress remote = endpoint.remoteAddressOrNull();
    return remote == null ? null : remote.getAddress();
  }

  @Override
  public int getPort() {
    InetSocketAddress remote = endpoint.remoteAddressOrNull();
    return remote == null ? -1 : remote.getPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return endpoint.remoteAddressOrNull();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return isClosed() ? null : endpoint.localAddressOrNull();
  }

  @Override
  public @Nullable InetAddress getLocalAddress() {
    if (isClosed()) {
      return null;
    }
    InetSocketAddress local = endpoint.localAddressOrNull();
    return (local == null ? new InetSocketAddress(0) : local).getAddress();
  }

  @Override
  public int getLocalPort() {
    if (isClosed()) {
      return -1;
    }
    InetSocketAddress local = endpoint.localAddressOrNull();
    return local == null ? 0 : local.getPort();
  }

  // ---- datagrams

  /**
   * Sends one datagram; waits while the kernel has no room, for at most the write timeout.
   *
   * @throws IllegalArgumentException if neither the packet nor a connect says where to, or they
   *     differ
   */
  @Override
  public void send(DatagramPacket packet) throws IOException {
    InetSocketAddress target;
    ByteBuffer source;
    synchronized (packet) {
      requireUsable();
      target = targetOf(packet);
      source = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
    }
    if (target.getPort() == 0) {
      throw new SocketException("Can't send to port 0");
    }
    requireBound();
    endpoint.send(source, target);
  }

  private InetSocketAddress targetOf(DatagramPacket packet) {
    InetSocketAddress remote = endpoint.remoteAddressOrNull();
    if (packet.getAddress() == null) {
      if (remote == null) {
        throw new IllegalArgumentException("Address not set");
      }
      packet.setSocketAddress(remote);
      return remote;
    }
    InetSocketAddress target = (InetSocketAddress) packet.getSocketAddress();
    if (remote != null && !remote.equals(target)) {
      throw new IllegalArgumentException(
          "Connected and packet address differ: " + remote + ", " + target);
    }
    return target;
  }

  /**
   * Receives one datagram; waits for at most the receive timeout. What is longer than the packet is
   * cut off.
   */
  @Override
  public void receive(DatagramPacket packet) throws IOException {
    Objects.requireNonNull(packet, "packet");
    requireUsable();
    requireBound();
    int capacity;
    ByteBuffer target;
    synchronized (packet) {
      capacity = PacketCapacity.of(packet);
      target = ByteBuffer.wrap(packet.getData(), packet.getOffset(), capacity);
    }
    int start = target.position();
    InetSocketAddress sender = endpoint.receive(target);
    int length = target.position() - start;
    synchronized (packet) {
      packet.setLength(length);
      packet.setSocketAddress(sender);
      PacketCapacity.remember(packet, capacity, length);
    }
  }

  @Override
  public void joinGroup(SocketAddress group, @Nullable NetworkInterface network)
      throws IOException {
    InetAddress address = multicast(group);
    requireOpen();
    endpoint.join(address, network);
  }

  @Override
  public void leaveGroup(SocketAddress group, @Nullable NetworkInterface network)
      throws IOException {
    InetAddress address = multicast(group);
    requireOpen();
    endpoint.leave(address, network);
  }

  private static InetAddress multicast(SocketAddress group) throws SocketException {
    InetAddress address = Arguments.inetAddress("group", group).getAddress();
    if (address == null) {
      throw new IllegalArgumentException("Unresolved address: " + group);
    }
    if (!address.isMulticastAddress()) {
      throw new SocketException("Not a multicast address: " + address);
    }
    return address;
  }

  // ---- the end

  /**
   * Closes the socket, from any thread. Calls inside end at once, and when this returns they have
   * let go of the port, so that it can be bound again; one that gets no processor for a second is
   * not waited for.
   */
  @Override
  public void close() {
    endpoint.close(CutCause.here(CutKind.CLOSED, null, null));
    unreferenced.clean(); // there is nothing left for it to do
    endpoint.awaitFree();
  }

  @Override
  public boolean isClosed() {
    return endpoint.isClosed();
  }

  private void requireOpen() throws SocketException {
    if (isClosed()) {
      throw endpoint.socketIsClosed();
    }
  }

  /** As {@link #requireOpen}, in the words of a call that blocks. */
  private void requireUsable() throws SocketException {
    if (isClosed()) {
      throw endpoint.closed();
    }
  }

  /** Null, as for every socket that was not made by a channel. */
  @Override
  public @Nullable DatagramChannel getChannel() {
    return null;
  }

  // ---- options

  /** Sets the receive timeout from the next receive on, in milliseconds; 0 for none. */
  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    requireOpen();
    endpoint.nextReceiveTimeout(Arguments.timeoutNanos(timeout));
  }

  @Override
  public int getSoTimeout() throws SocketException {
    requireOpen();
    return Arguments.timeoutMillis(endpoint.receiveTimeout());
  }

  /**
   * Sets how long a receive waits, also for the one that waits now; zero for no limit.
   *
   * @throws IllegalArgumentException if {@code timeout} is negative or longer than 100 years
   */
  public void setReceiveTimeout(Duration timeout) throws SocketException {
    long nanos = SocketSettings.limit("receive timeout", timeout);
    requireOpen();
    endpoint.receiveTimeout(nanos);
  }

  @Override
  public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
    Objects.requireNonNull(name, "name");
    endpoint.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    Objects.requireNonNull(name, "name");
    return endpoint.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return endpoint.supportedOptions();
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    endpoint.set(StandardSocketOptions.SO_SNDBUF, Arguments.positive("send size", size));
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return endpoint.get(StandardSocketOptions.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    endpoint.set(StandardSocketOptions.SO_RCVBUF, Arguments.positive("receive size", size));
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return endpoint.get(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    endpoint.set(StandardSocketOptions.SO_REUSEADDR, on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return endpoint.get(StandardSocketOptions.SO_REUSEADDR);
  }

  @Override
  public void setBroadcast(boolean on) throws SocketException {
    endpoint.set(StandardSocketOptions.SO_BROADCAST, on);
  }

  @Override
  public boolean getBroadcast() throws SocketException {
    return endpoint.get(StandardSocketOptions.SO_BROADCAST);
  }

  @Override
  public void setTrafficClass(int tc) throws SocketException {
    endpoint.set(StandardSocketOptions.IP_TOS, Arguments.trafficClass(tc));
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return endpoint.get(StandardSocketOptions.IP_TOS);
  }
}
