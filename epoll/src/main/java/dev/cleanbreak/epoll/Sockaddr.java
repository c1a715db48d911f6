package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * Addresses as the kernel has them: {@code sockaddr_in} and {@code sockaddr_in6} (ip(7), ipv6(7)).
 * A socket of the second family speaks both; it knows an IPv4 address as a mapped one (RFC 4291,
 * section 2.5.5.2).
 */
final class Sockaddr {
  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final long ADDRESS_4 = 4;
  private static final long ADDRESS_6 = 8;
  private static final int LENGTH_4 = 16;
  private static final int LENGTH_6 = 28;
  private static final long SCOPE = 24;
  private static final int MAPPED = 12;

  private Sockaddr() {}

  /**
   * As {@link #encode}, whom to connect or send to. Nobody is at the wildcard address: as the JDK
   * has it, this host is meant, by the same version of IP.
   */
  static int encodePeer(SocketAddress peer, int family, MemorySegment target) throws IOException {
    if (peer instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && inet.getAddress().isAnyLocalAddress()) {
      byte[] loopback =
          inet.getAddress() instanceof Inet4Address
              ? new byte[] {127, 0, 0, 1}
              : new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
      InetAddress here = InetAddress.getByAddress(loopback);
      return encode(new InetSocketAddress(here, inet.getPort()), family, target);
    }
    return encode(peer, family, target);
  }

  /**
   * Puts {@code address} into {@code target} for a socket of {@code family}; returns its length.
   *
   * @throws SocketException if a socket of that family cannot reach it
   */
  static int encode(SocketAddress address, int family, MemorySegment target) throws IOException {
    if (!(address instanceof InetSocketAddress inet)) {
      throw new SocketException("Protocol family not supported by this socket: " + address);
    }
    InetAddress host = inet.getAddress();
    if (host == null) {
      throw new UnknownHostException(inet.getHostString());
    }
    byte[] bytes = host.getAddress();
    target.asSlice(0, LENGTH_6).fill((byte) 0);
    target.set(JAVA_SHORT, 0, (short) family);
    target.set(PORT, 2, (short) inet.getPort());
    if (family == Abi.AF_INET) {
      if (!(host instanceof Inet4Address)) {
        throw new SocketException("Protocol family not supported by this socket: " + address);
      }
      MemorySegment.copy(bytes, 0, target, JAVA_BYTE, ADDRESS_4, bytes.length);
      return LENGTH_4;
    }
    if (host instanceof Inet6Address six) {
      MemorySegment.copy(bytes, 0, target, JAVA_BYTE, ADDRESS_6, bytes.length);
      target.set(JAVA_INT, SCOPE, scope(six));
    } else if (!host.isAnyLocalAddress()) {
      target.set(JAVA_SHORT, ADDRESS_6 + 10, (short) -1);
      MemorySegment.copy(bytes, 0, target, JAVA_BYTE, ADDRESS_6 + MAPPED, bytes.length);
    }
    return LENGTH_6;
  }

  /** As the JDK has it, one of this host's own link-local addresses need not name its interface. */
  private static int scope(Inet6Address address) throws SocketException {
    if (address.getScopeId() != 0 || !address.isLinkLocalAddress()) {
      return address.getScopeId();
    }
    NetworkInterface own = NetworkInterface.getByInetAddress(address);
    return own == null ? 0 : own.getIndex();
  }

  static InetSocketAddress decode(MemorySegment source) {
    int port = Short.toUnsignedInt(source.get(PORT, 2));
    return new InetSocketAddress(
        source.get(JAVA_SHORT, 0) == Abi.AF_INET
            ? address(source, ADDRESS_4, 4, 0)
            : address(source, ADDRESS_6, 16, source.get(JAVA_INT, SCOPE)),
        port);
  }

  private static InetAddress address(MemorySegment source, long at, int length, int scope) {
    byte[] bytes = source.asSlice(at, length).toArray(JAVA_BYTE);
    try {
      return scope == 0
          ? InetAddress.getByAddress(bytes) // a mapped one becomes an IPv4 address
          : Inet6Address.getByAddress(null, bytes, scope);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
