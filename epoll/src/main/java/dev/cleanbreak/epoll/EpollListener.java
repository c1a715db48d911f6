package dev.cleanbreak.epoll;

import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A TCP listener. */
final class EpollListener extends EpollPort implements ListenerPort {
  private static final int STANDARD_BACKLOG = 50;

  /** The address of every connection that is accepted here, unless this listens on all. */
  private @Nullable SocketAddress local;

  EpollListener(int fd, int family) {
    super(fd, family, Option.OF_LISTENERS);
  }

  @Override
  public void bind(@Nullable SocketAddress address, int backlog) throws IOException {
    bind(address);
    check(Libc.listen(fd, backlog <= 0 ? STANDARD_BACKLOG : backlog));
    InetSocketAddress found = (InetSocketAddress) localAddress();
    local = found == null || found.getAddress().isAnyLocalAddress() ? null : found;
  }

  @Override
  public @Nullable StreamPort accept() throws IOException {
    Scratch scratch = Scratch.POOL.take();
    try {
      for (; ; ) {
        readable = false;
        int made = Libc.accept4(fd, Abi.SOCK_NONBLOCK | Abi.SOCK_CLOEXEC, scratch);
        if (made >= 0) {
          // There may be more, of which the kernel will not tell again.
          readable = true;
          return new EpollStream(made, family, Sockaddr.decode(scratch.value), local);
        }
        if (made == -Errno.EAGAIN) {
          return null;
        }
        if (!isOfTheConnection(made)) {
          readable = true;
          throw Errno.exception(made);
        }
      }
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  /**
   * Whether the failure is that of a connection which is gone already, so that the next one is
   * worth a try: Linux tells of what is wrong with a new connection here (accept(2), "Error
   * handling").
   */
  private static boolean isOfTheConnection(int result) {
    return switch (-result) {
      case Errno.EINTR,
          Errno.ECONNABORTED,
          Errno.EPROTO,
          Errno.ENETDOWN,
          Errno.ENOPROTOOPT,
          Errno.EHOSTDOWN,
          Errno.ENONET,
          Errno.EHOSTUNREACH,
          Errno.EOPNOTSUPP,
          Errno.ENETUNREACH ->
          true;
      default -> false;
    };
  }
}
