package dev.cleanbreak.epoll;

import java.nio.ByteOrder;

/**
 * The numbers of Linux on x86-64 and aarch64 that the transport uses (include/uapi of the kernel).
 * The two differ in the layout of {@code epoll_event} alone, which x86-64 packs.
 */
final class Abi {
  static final boolean X86_64 = System.getProperty("os.arch").equals("amd64");
  static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;

  static final int IPPROTO_IP = 0;
  static final int IPPROTO_TCP = 6;
  static final int IPPROTO_IPV6 = 41;
  static final int SOL_SOCKET = 1;

  static final int SO_REUSEADDR = 2;
  static final int SO_ERROR = 4;
  static final int SO_BROADCAST = 6;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_KEEPALIVE = 9;
  static final int SO_OOBINLINE = 10;
  static final int SO_LINGER = 13;
  static final int SO_REUSEPORT = 15;
  static final int SO_INCOMING_NAPI_ID = 56;
  static final int TCP_NODELAY = 1;
  static final int TCP_KEEPIDLE = 4;
  static final int TCP_KEEPINTVL = 5;
  static final int TCP_KEEPCNT = 6;
  static final int TCP_QUICKACK = 12;
  static final int IP_TOS = 1;
  static final int IPV6_TCLASS = 67;
  static final int IP_MTU_DISCOVER = 10;
  static final int IP_MULTICAST_IF = 32;
  static final int IP_MULTICAST_TTL = 33;
  static final int IP_MULTICAST_LOOP = 34;
  static final int IP_ADD_MEMBERSHIP = 35;
  static final int IP_DROP_MEMBERSHIP = 36;
  static final int IP_MULTICAST_ALL = 49;
  static final int IPV6_MULTICAST_IF = 17;
  static final int IPV6_MULTICAST_HOPS = 18;
  static final int IPV6_MULTICAST_LOOP = 19;
  static final int IPV6_ADD_MEMBERSHIP = 20;
  static final int IPV6_DROP_MEMBERSHIP = 21;
  static final int IPV6_MTU_DISCOVER = 23;
  static final int IPV6_V6ONLY = 26;
  static final int IPV6_MULTICAST_ALL = 29;

  static final int MSG_OOB = 1;
  static final int MSG_PEEK = 2;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;

  static final int SHUT_RD = 0;
  static final int SHUT_WR = 1;

  static final int FIONREAD = 0x541b;

  static final short POLLIN = 1;
  static final short POLLOUT = 4;

  static final int EPOLLIN = 1;
  static final int EPOLLPRI = 2;
  static final int EPOLLOUT = 4;
  static final int EPOLLERR = 8;
  static final int EPOLLHUP = 0x10;
  static final int EPOLLRDHUP = 0x2000;
  static final int EPOLLONESHOT = 1 << 30;
  static final int EPOLLET = 1 << 31;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLL_CTL_MOD = 3;
  static final int EPOLL_CLOEXEC = 0x80000;

  static final int EFD_NONBLOCK = 0x800;
  static final int EFD_CLOEXEC = 0x80000;

  // ip_mreqn: group, local address, index (ip(7)).
  static final int MREQN_ADDRESS = 4;
  static final int MREQN_INDEX = 8;
  static final int MREQN_SIZE = 12;

  static final long EPOLL_EVENT_SIZE = X86_64 ? 12 : 16;
  static final long EPOLL_EVENT_DATA = X86_64 ? 4 : 8;

  private Abi() {}

  /** Whether these numbers hold here: both machines run Linux in this order of bytes. */
  static boolean isKnown() {
    return (X86_64 || AARCH64) && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }
}
