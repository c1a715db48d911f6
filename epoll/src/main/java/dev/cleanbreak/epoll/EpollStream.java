package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import org.jspecify.annotations.Nullable;

/** A TCP endpoint. */
final class EpollStream extends EpollPort implements StreamPort {
  private static final int NO_LINGER = -1;
  private static final int RESET = 0;

  private final MemorySegment readErrno = Libc.newErrno();
  private final MemorySegment writeErrno = Libc.newErrno();

  private volatile @Nullable SocketAddress remote;
  private volatile @Nullable SocketAddress local;

  /** Whom a connect in progress asks. */
  private volatile @Nullable InetSocketAddress asked;

  private volatile int linger = NO_LINGER;

  /** What a read or a look has failed with: the kernel may tell of a failure only once. */
  private volatile @Nullable SocketException failed;

  EpollStream(int fd, int family) {
    super(fd, family, Option.OF_STREAMS);
  }

  /**
   * An accepted connection.
   *
   * @param local this end's address, if the listener knows it
   */
  EpollStream(int fd, int family, SocketAddress remote, @Nullable SocketAddress local) {
    this(fd, family);
    this.remote = remote;
    this.local = local;
  }

  // ---- connect

  @Override
  public boolean connect(SocketAddress address) throws IOException {
    if (remote != null) {
      throw new SocketException("Already connected");
    }
    forgetChanges();
    asked = (InetSocketAddress) address;
    Scratch scratch = Scratch.POOL.take();
    try {
      int length = Sockaddr.encodePeer(address, family, scratch.value);
      int result = Libc.connect(fd, length, scratch);
      // An interrupted connect goes on in the background (connect(2)).
      if (result == -Errno.EINPROGRESS || result == -Errno.EINTR || result == -Errno.EALREADY) {
        return false;
      }
      if (result < 0) {
        throw Errno.connectException(result);
      }
    } finally {
      Scratch.POOL.give(scratch);
    }
    connected();
    return true;
  }

  @Override
  public boolean finishConnect() throws IOException {
    writable = false;
    if (!Sleeper.isWritable(fd)) {
      return false;
    }
    writable = true;
    int error = socketOption(Abi.SO_ERROR);
    if (error != 0) {
      throw Errno.connectException(-error);
    }
    connected();
    return true;
  }

  /** The address as it was given, with its name; but nobody is at the wildcard address. */
  private void connected() throws IOException {
    InetSocketAddress given = asked;
    remote = given == null || given.getAddress().isAnyLocalAddress() ? remoteAddress() : given;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    SocketAddress known = remote;
    if (known != null) {
      return known;
    }
    Scratch scratch = Scratch.POOL.take();
    try {
      check(Libc.getpeername(fd, scratch));
      return Sockaddr.decode(scratch.value);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  @Override
  public @Nullable SocketAddress localAddress() throws IOException {
    SocketAddress known = local;
    return known == null ? super.localAddress() : known;
  }

  // ---- bytes

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int most = Math.min(length, Libc.CHUNK);
    if (most == 0) {
      return 0;
    }
    requireSound();
    readable = false;
    long n = Libc.recv(fd, target, offset, most, Abi.MSG_DONTWAIT, readErrno);
    if (n > 0) {
      if (n == most || urgent) {
        // There may be more, of which the kernel will not tell again.
        readable = true;
      }
      return (int) n;
    }
    return nothingRead(n);
  }

  @Override
  public boolean hasHeardOfBytes() {
    return isWatched() && isReady(Readiness.READ);
  }

  private int nothingRead(long result) throws IOException {
    if (result == 0) {
      readable = true;
      return -1;
    }
    if (isForNow(result)) {
      return 0;
    }
    readable = true;
    failed = Errno.streamException(result);
    throw failed;
  }

  private void requireSound() throws SocketException {
    SocketException before = failed;
    if (before != null) {
      SocketException again = new SocketException(before.getMessage());
      again.initCause(before);
      throw again;
    }
  }

  @Override
  public int peek() throws IOException {
    requireSound();
    long n = Libc.recv(fd, new byte[1], 0, 1, Abi.MSG_DONTWAIT | Abi.MSG_PEEK, readErrno);
    return n > 0 ? 1 : nothingRead(n);
  }

  @Override
  public int write(byte[] source, int offset, int length) throws IOException {
    int most = Math.min(length, Libc.CHUNK);
    if (most == 0) {
      return 0;
    }
    writable = false;
    long n = Libc.send(fd, source, offset, most, Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL, writeErrno);
    if (n == most) {
      writable = true;
    } else if (n < 0) {
      if (isForNow(n)) {
        return 0;
      }
      writable = true;
      throw Errno.streamException(n);
    }
    return (int) n;
  }

  /** A signal may end even a call that does not wait; the port is asked again after a wait. */
  static boolean isForNow(long result) {
    return result == -Errno.EAGAIN || result == -Errno.EINTR;
  }

  @Override
  public int available() throws IOException {
    int n = Libc.ioctl(fd, Abi.FIONREAD);
    check(n);
    return n;
  }

  // ---- urgent data

  @Override
  public boolean sendUrgent(int data) throws IOException {
    writable = false;
    long n =
        Libc.send(
            fd,
            new byte[] {(byte) data},
            0,
            1,
            Abi.MSG_OOB | Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL,
            writeErrno);
    if (isForNow(n)) {
      return false;
    }
    writable = true;
    if (n < 0) {
      throw Errno.streamException(n);
    }
    return true;
  }

  @Override
  public boolean urgentInline() throws IOException {
    return socketOption(Abi.SO_OOBINLINE) != 0;
  }

  private int socketOption(int name) throws SocketException {
    Scratch scratch = Scratch.POOL.take();
    try {
      check(Libc.getsockopt(fd, Abi.SOL_SOCKET, name, Integer.BYTES, scratch));
      return scratch.value.get(JAVA_INT, 0);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  @Override
  public void urgentInline(boolean on) throws IOException {
    check(Libc.setsockopt(fd, Abi.SOL_SOCKET, Abi.SO_OOBINLINE, on ? 1 : 0));
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    super.setOption(option, value);
    if (option.equals(StandardSocketOptions.SO_LINGER)) {
      linger = (Integer) value;
    }
  }

  // ---- the end

  @Override
  public void shutdownInput() throws IOException {
    shutdown(Abi.SHUT_RD);
  }

  @Override
  public void shutdownOutput() throws IOException {
    shutdown(Abi.SHUT_WR);
  }

  private void shutdown(int how) throws IOException {
    int result = Libc.shutdown(fd, how);
    // The peer may have reset the connection meanwhile: as the JDK has it, that is no failure.
    if (result != -Errno.ENOTCONN) {
      check(result);
    }
  }

  @Override
  void beforeClose() throws IOException {
    if (linger > 0) {
      setOption(StandardSocketOptions.SO_LINGER, NO_LINGER);
    }
    if (linger != RESET && remote != null) {
      // The end goes out before the kernel can answer unread bytes with a reset.
      Libc.shutdown(fd, Abi.SHUT_WR);
    }
  }
}
