package dev.cleanbreak.epoll;

import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.util.Map;

/**
 * Why a call of the kernel failed: as the exception that the JDK throws for it, in the JDK's words,
 * and with the error's name and number. The numbers are those of asm-generic/errno.h, which x86-64
 * and aarch64 share.
 */
final class Errno {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENOENT = 2;
  static final int EEXIST = 17;
  static final int EPERM = 1;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int EPIPE = 32;
  static final int ENONET = 64;
  static final int EPROTO = 71;
  static final int ENOPROTOOPT = 92;
  static final int EOPNOTSUPP = 95;
  static final int EAFNOSUPPORT = 97;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;
  static final int ENETDOWN = 100;
  static final int ENETUNREACH = 101;
  static final int ECONNABORTED = 103;
  static final int ECONNRESET = 104;
  static final int ENOBUFS = 105;
  static final int EISCONN = 106;
  static final int ENOTCONN = 107;
  static final int ETIMEDOUT = 110;
  static final int ECONNREFUSED = 111;
  static final int EHOSTDOWN = 112;
  static final int EHOSTUNREACH = 113;
  static final int EALREADY = 114;
  static final int EINPROGRESS = 115;
  private static final int EACCES = 13;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM"),
          Map.entry(ENOENT, "ENOENT"),
          Map.entry(EINTR, "EINTR"),
          Map.entry(5, "EIO"),
          Map.entry(9, "EBADF"),
          Map.entry(EAGAIN, "EAGAIN"),
          Map.entry(12, "ENOMEM"),
          Map.entry(EACCES, "EACCES"),
          Map.entry(14, "EFAULT"),
          Map.entry(EEXIST, "EEXIST"),
          Map.entry(19, "ENODEV"),
          Map.entry(22, "EINVAL"),
          Map.entry(ENFILE, "ENFILE"),
          Map.entry(EMFILE, "EMFILE"),
          Map.entry(28, "ENOSPC"),
          Map.entry(EPIPE, "EPIPE"),
          Map.entry(38, "ENOSYS"),
          Map.entry(ENONET, "ENONET"),
          Map.entry(EPROTO, "EPROTO"),
          Map.entry(88, "ENOTSOCK"),
          Map.entry(89, "EDESTADDRREQ"),
          Map.entry(90, "EMSGSIZE"),
          Map.entry(91, "EPROTOTYPE"),
          Map.entry(ENOPROTOOPT, "ENOPROTOOPT"),
          Map.entry(93, "EPROTONOSUPPORT"),
          Map.entry(94, "ESOCKTNOSUPPORT"),
          Map.entry(EOPNOTSUPP, "EOPNOTSUPP"),
          Map.entry(96, "EPFNOSUPPORT"),
          Map.entry(EAFNOSUPPORT, "EAFNOSUPPORT"),
          Map.entry(EADDRINUSE, "EADDRINUSE"),
          Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL"),
          Map.entry(ENETDOWN, "ENETDOWN"),
          Map.entry(ENETUNREACH, "ENETUNREACH"),
          Map.entry(102, "ENETRESET"),
          Map.entry(ECONNABORTED, "ECONNABORTED"),
          Map.entry(ECONNRESET, "ECONNRESET"),
          Map.entry(ENOBUFS, "ENOBUFS"),
          Map.entry(EISCONN, "EISCONN"),
          Map.entry(ENOTCONN, "ENOTCONN"),
          Map.entry(108, "ESHUTDOWN"),
          Map.entry(ETIMEDOUT, "ETIMEDOUT"),
          Map.entry(ECONNREFUSED, "ECONNREFUSED"),
          Map.entry(EHOSTDOWN, "EHOSTDOWN"),
          Map.entry(EHOSTUNREACH, "EHOSTUNREACH"),
          Map.entry(EALREADY, "EALREADY"),
          Map.entry(EINPROGRESS, "EINPROGRESS"));

  private Errno() {}

  /**
   * The exception for a failed call.
   *
   * @param result what the call returned: the negative of the error's number
   */
  static SocketException exception(long result) {
    int errno = (int) -result;
    String message = message(errno);
    return switch (errno) {
      case ECONNREFUSED, ETIMEDOUT, ENOTCONN -> new ConnectException(message);
      case EHOSTUNREACH -> new NoRouteToHostException(message);
      case EADDRINUSE, EADDRNOTAVAIL, EACCES, EPERM -> new BindException(message);
      default -> new SocketException(message);
    };
  }

  /** As {@link #exception}, for a call that moves bytes: there the JDK knows one type only. */
  static SocketException streamException(long result) {
    return new SocketException(message((int) -result));
  }

  /** As {@link #exception}, for a datagram call. */
  static SocketException datagramException(long result) {
    return -result == ECONNREFUSED
        ? new PortUnreachableException(message(ECONNREFUSED))
        : streamException(result);
  }

  /** What a connect fails with. */
  static java.io.IOException connectException(long result) {
    return -result == EPROTO ? new ProtocolException(message(EPROTO)) : exception(result);
  }

  static String message(int errno) {
    String name = NAMES.get(errno);
    return text(errno) + ": " + (name == null ? "errno" : name) + " (" + errno + ")";
  }

  /** A reset has other words in the JDK's reads than in the C library. */
  private static String text(int errno) {
    return errno == ECONNRESET ? "Connection reset" : Libc.strerror(errno);
  }
}
