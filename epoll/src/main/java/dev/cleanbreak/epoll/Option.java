package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An option of a socket as the kernel has it (socket(7), tcp(7), ip(7), ipv6(7)). A socket that
 * speaks both versions of IP has some options twice: both are set.
 */
enum Option {
  SO_REUSEADDR(Abi.SOL_SOCKET, Abi.SO_REUSEADDR),
  SO_REUSEPORT(Abi.SOL_SOCKET, Abi.SO_REUSEPORT),
  SO_BROADCAST(Abi.SOL_SOCKET, Abi.SO_BROADCAST),
  SO_KEEPALIVE(Abi.SOL_SOCKET, Abi.SO_KEEPALIVE),
  SO_INCOMING_NAPI_ID(Abi.SOL_SOCKET, Abi.SO_INCOMING_NAPI_ID),
  SO_SNDBUF(Abi.SOL_SOCKET, Abi.SO_SNDBUF),
  SO_RCVBUF(Abi.SOL_SOCKET, Abi.SO_RCVBUF),
  SO_LINGER(Abi.SOL_SOCKET, Abi.SO_LINGER),
  TCP_NODELAY(Abi.IPPROTO_TCP, Abi.TCP_NODELAY),
  TCP_KEEPIDLE(Abi.IPPROTO_TCP, Abi.TCP_KEEPIDLE),
  TCP_KEEPINTERVAL(Abi.IPPROTO_TCP, Abi.TCP_KEEPINTVL),
  TCP_KEEPCOUNT(Abi.IPPROTO_TCP, Abi.TCP_KEEPCNT),
  TCP_QUICKACK(Abi.IPPROTO_TCP, Abi.TCP_QUICKACK),
  IP_TOS(Abi.IPPROTO_IP, Abi.IP_TOS, Abi.IPV6_TCLASS),
  IP_MULTICAST_TTL(Abi.IPPROTO_IP, Abi.IP_MULTICAST_TTL, Abi.IPV6_MULTICAST_HOPS),
  IP_MULTICAST_LOOP(Abi.IPPROTO_IP, Abi.IP_MULTICAST_LOOP, Abi.IPV6_MULTICAST_LOOP),
  IP_MULTICAST_IF(Abi.IPPROTO_IP, Abi.IP_MULTICAST_IF, Abi.IPV6_MULTICAST_IF),
  IP_DONTFRAGMENT(Abi.IPPROTO_IP, Abi.IP_MTU_DISCOVER, Abi.IPV6_MTU_DISCOVER);

  // The instances that users hold are those of the JDK's channels.
  static final Set<SocketOption<?>> OF_STREAMS = knownTo(SocketChannel::open);
  static final Set<SocketOption<?>> OF_LISTENERS = knownTo(ServerSocketChannel::open);
  static final Set<SocketOption<?>> OF_DATAGRAMS = knownTo(DatagramChannel::open);

  private static final int DONT_FRAGMENT = 2; // IP_PMTUDISC_DO
  private static final int MAY_FRAGMENT = 0; // IP_PMTUDISC_DONT
  private static final int NO_LINGER = -1;
  private static final int LONGEST_LINGER = 65_535;
  private static final int BYTE_MAX = 255;
  private static final int ADDRESS_SIZE = 4;
  private static final int NONE = -1;

  private final int level;
  private final int number;

  /** The number at the level of IPv6; {@link #NONE} for an option that is not IP's. */
  private final int number6;

  Option(int level, int number) {
    this.level = level;
    this.number = number;
    this.number6 = -1;
  }

  Option(int level, int number, int number6) {
    this.level = level;
    this.number = number;
    this.number6 = number6;
  }

  /** A kind of the JDK's channels. */
  private interface Kind {
    NetworkChannel open() throws IOException;
  }

  private static Set<SocketOption<?>> knownTo(Kind kind) {
    Set<String> here =
        EnumSet.allOf(Option.class).stream().map(Option::name).collect(Collectors.toSet());
    try (NetworkChannel channel = kind.open()) {
      return channel.supportedOptions().stream()
          .filter(each -> here.contains(each.name()))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // ---- set

  /** Sets it; the caller has seen that the socket supports it. */
  void set(int fd, int family, @Nullable Object value) throws SocketException {
    switch (this) {
      case SO_LINGER -> setLinger(fd, (Integer) required(value));
      case IP_MULTICAST_IF -> setInterface(fd, family, (NetworkInterface) required(value));
      default -> setNumber(fd, family, number(required(value)));
    }
  }

  private static Object required(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("Invalid value 'null'");
    }
    return value;
  }

  /** The value as the kernel takes it. */
  private int number(Object value) {
    if (value instanceof Boolean on) {
      return this == IP_DONTFRAGMENT ? (on ? DONT_FRAGMENT : MAY_FRAGMENT) : on ? 1 : 0;
    }
    int n = (Integer) value;
    switch (this) {
      case SO_SNDBUF, SO_RCVBUF -> require(n >= 0, "Invalid send/receive buffer size");
      case IP_TOS -> require(n >= 0 && n <= BYTE_MAX, "Invalid IP_TOS value");
      case IP_MULTICAST_TTL -> require(n >= 0 && n <= BYTE_MAX, "Invalid TTL/hop value");
      default -> {}
    }
    return n;
  }

  private static void require(boolean valid, String message) {
    if (!valid) {
      throw new IllegalArgumentException(message);
    }
  }

  private void setNumber(int fd, int family, int value) throws SocketException {
    check(Libc.setsockopt(fd, level, number, value));
    if (number6 != NONE && family == Abi.AF_INET6) {
      check(Libc.setsockopt(fd, Abi.IPPROTO_IPV6, number6, value));
    }
  }

  private void setLinger(int fd, int seconds) throws SocketException {
    Scratch scratch = Scratch.POOL.take();
    try {
      scratch.value.set(JAVA_INT, 0, seconds < 0 ? 0 : 1);
      scratch.value.set(JAVA_INT, Integer.BYTES, Math.clamp(seconds, 0, LONGEST_LINGER));
      check(Libc.setsockopt(fd, level, number, 2 * Integer.BYTES, scratch));
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  private void setInterface(int fd, int family, NetworkInterface network) throws SocketException {
    Scratch scratch = Scratch.POOL.take();
    try {
      MemorySegment request = scratch.value;
      request.asSlice(0, Abi.MREQN_SIZE).fill((byte) 0);
      // The kernel acts by the index. The address is what it will tell when it is asked.
      network
          .inetAddresses()
          .filter(Inet4Address.class::isInstance)
          .findFirst()
          .ifPresent(first ->
              MemorySegment.copy(
                  first.getAddress(), 0, request, JAVA_BYTE, Abi.MREQN_ADDRESS, ADDRESS_SIZE));
      request.set(JAVA_INT, Abi.MREQN_INDEX, network.getIndex());
      check(Libc.setsockopt(fd, level, number, Abi.MREQN_SIZE, scratch));
    } finally {
      Scratch.POOL.give(scratch);
    }
    if (family == Abi.AF_INET6) {
      check(Libc.setsockopt(fd, Abi.IPPROTO_IPV6, number6, network.getIndex()));
    }
  }

  // ---- get

  /** The value, of the option's own type; null for an interface that is not set. */
  @Nullable Object get(int fd, int family, Class<?> type) throws SocketException {
    if (this == IP_MULTICAST_IF) {
      return getInterface(fd, family);
    }
    Scratch scratch = Scratch.POOL.take();
    try {
      scratch.value.set(JAVA_INT, 0, 0);
      check(Libc.getsockopt(fd, level, number, 2 * Integer.BYTES, scratch));
      int n = scratch.value.get(JAVA_INT, 0);
      return switch (this) {
        case SO_LINGER -> n == 0 ? NO_LINGER : scratch.value.get(JAVA_INT, Integer.BYTES);
        // The kernel tells twice what it was asked for (socket(7)).
        case SO_SNDBUF, SO_RCVBUF -> n / 2;
        case IP_DONTFRAGMENT -> n == DONT_FRAGMENT;
        default -> type == Boolean.class ? (Object) (n != 0) : (Object) n;
      };
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  /** By its index from IPv6, where the socket speaks that; IPv4 tells an address alone. */
  private @Nullable NetworkInterface getInterface(int fd, int family) throws SocketException {
    boolean six = family == Abi.AF_INET6;
    Scratch scratch = Scratch.POOL.take();
    try {
      scratch.value.set(JAVA_INT, 0, 0);
      check(
          Libc.getsockopt(
              fd, six ? Abi.IPPROTO_IPV6 : level, six ? number6 : number, Integer.BYTES, scratch));
      int found = scratch.value.get(JAVA_INT, 0);
      if (found == 0) {
        return null;
      }
      return six
          ? NetworkInterface.getByIndex(found)
          : NetworkInterface.getByInetAddress(
              InetAddress.getByAddress(scratch.value.asSlice(0, ADDRESS_SIZE).toArray(JAVA_BYTE)));
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  private static void check(int result) throws SocketException {
    if (result < 0) {
      throw Errno.streamException(result);
    }
  }
}
