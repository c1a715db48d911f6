package dev.cleanbreak.epoll;

import java.net.SocketException;

/** Opens sockets of the family that this host has: both versions of IP in one, or IPv4 alone. */
final class Sockets {
  static final int FAMILY = family();

  private static final int FLAGS = Abi.SOCK_NONBLOCK | Abi.SOCK_CLOEXEC;

  private Sockets() {}

  private static int family() {
    if (Boolean.getBoolean("java.net.preferIPv4Stack")) {
      return Abi.AF_INET;
    }
    int tried = Libc.socket(Abi.AF_INET6, Abi.SOCK_STREAM | FLAGS);
    if (tried == -Errno.EAFNOSUPPORT) {
      return Abi.AF_INET;
    }
    if (tried >= 0) {
      Libc.close(tried);
    }
    return Abi.AF_INET6;
  }

  static int open(int type) throws SocketException {
    int fd = Libc.socket(FAMILY, type | FLAGS);
    EpollPort.check(fd);
    if (FAMILY == Abi.AF_INET6) {
      // Whatever /proc/sys/net/ipv6/bindv6only says.
      Libc.setsockopt(fd, Abi.IPPROTO_IPV6, Abi.IPV6_V6ONLY, 0);
    }
    return fd;
  }
}
