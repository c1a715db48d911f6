package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The calls of the kernel, through the C library. Each returns what the kernel returns: a failure
 * is the negative of its number.
 *
 * <p>A critical call reads and writes the caller's heap arrays in place and holds up every
 * safepoint meanwhile. So only those are critical that never wait and move little: {@code recv} and
 * {@code send} (of {@link #CHUNK} at most), {@code epoll_wait} without waiting, and the write to an
 * eventfd.
 */
@SuppressWarnings("restricted") // native access is what this class is for
final class Libc {
  /** The most that one critical call moves: some ten microseconds of copying. */
  static final int CHUNK = 64 * 1024;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final Linker.Option CRITICAL = Linker.Option.critical(true);

  private static final MethodHandle SOCKET = handle("socket", of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND = handle("bind", of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle LISTEN = handle("listen", of(JAVA_INT, JAVA_INT));
  private static final MethodHandle CONNECT = handle("connect", of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle ACCEPT4 =
      handle("accept4", of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle SHUTDOWN = handle("shutdown", of(JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE = handle("close", of(JAVA_INT));
  private static final MethodHandle GETSOCKNAME =
      handle("getsockname", of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle GETPEERNAME =
      handle("getpeername", of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle SETSOCKOPT =
      handle("setsockopt", of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKOPT =
      handle("getsockopt", of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle IOCTL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("ioctl"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle PPOLL =
      handle("ppoll", of(ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
  private static final MethodHandle EVENTFD = handle("eventfd", of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CREATE1 = handle("epoll_create1", of(JAVA_INT));
  private static final MethodHandle EPOLL_CTL =
      handle("epoll_ctl", of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle EPOLL_WAIT =
      handle("epoll_wait", of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_LOOK =
      handle("epoll_wait", of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), CRITICAL);
  private static final FunctionDescriptor TRANSFER =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECV = handle("recv", TRANSFER, CRITICAL);
  private static final MethodHandle SEND = handle("send", TRANSFER, CRITICAL);
  private static final MethodHandle RECVFROM =
      handle(
          "recvfrom",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS),
          CRITICAL);
  private static final MethodHandle SENDTO =
      handle(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
          CRITICAL);
  private static final FunctionDescriptor MOVE =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle READ = handle("read", MOVE, CRITICAL);
  private static final MethodHandle WRITE = handle("write", MOVE, CRITICAL);
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"),
          FunctionDescriptor.of(
              ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(256, JAVA_BYTE)), JAVA_INT));

  private Libc() {}

  private static FunctionDescriptor of(MemoryLayout... arguments) {
    return FunctionDescriptor.of(JAVA_INT, arguments);
  }

  private static MethodHandle handle(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    all[0] = ERRNO;
    System.arraycopy(options, 0, all, 1, options.length);
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
  }

  private static int result(int returned, Scratch scratch) {
    return returned < 0 ? -scratch.errno.get(JAVA_INT, 0) : returned;
  }

  /** No call of the kernel throws. */
  private static AssertionError thrown(Throwable e) {
    return new AssertionError("a native call threw", e);
  }

  static String strerror(int errno) {
    try {
      return ((MemorySegment) STRERROR.invokeExact(errno)).getString(0);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  static int socket(int domain, int type) {
    Scratch scratch = Scratch.POOL.take();
    try {
      return result((int) SOCKET.invokeExact(scratch.errno, domain, type, 0), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  /** The address is in the {@code value} of {@code scratch}. */
  static int bind(int fd, int length, Scratch scratch) {
    try {
      return result((int) BIND.invokeExact(scratch.errno, fd, scratch.value, length), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  static int listen(int fd, int backlog) {
    Scratch scratch = Scratch.POOL.take();
    try {
      return result((int) LISTEN.invokeExact(scratch.errno, fd, backlog), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  /** The address is in the {@code value} of {@code scratch}. */
  static int connect(int fd, int length, Scratch scratch) {
    try {
      return result((int) CONNECT.invokeExact(scratch.errno, fd, scratch.value, length), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** The peer's address comes into the {@code value} of {@code scratch}. */
  static int accept4(int fd, int flags, Scratch scratch) {
    scratch.length.set(JAVA_INT, 0, (int) scratch.value.byteSize());
    try {
      return result(
          (int) ACCEPT4.invokeExact(scratch.errno, fd, scratch.value, scratch.length, flags),
          scratch);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  static int shutdown(int fd, int how) {
    Scratch scratch = Scratch.POOL.take();
    try {
      return result((int) SHUTDOWN.invokeExact(scratch.errno, fd, how), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  /** Once: a descriptor whose close has failed is gone all the same (close(2), on Linux). */
  static int close(int fd) {
    Scratch scratch = Scratch.POOL.take();
    try {
      return result((int) CLOSE.invokeExact(scratch.errno, fd), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  /** The address comes into the {@code value} of {@code scratch}. */
  static int getsockname(int fd, Scratch scratch) {
    scratch.length.set(JAVA_INT, 0, (int) scratch.value.byteSize());
    try {
      return result(
          (int) GETSOCKNAME.invokeExact(scratch.errno, fd, scratch.value, scratch.length), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** As {@link #getsockname}, of the other end. */
  static int getpeername(int fd, Scratch scratch) {
    scratch.length.set(JAVA_INT, 0, (int) scratch.value.byteSize());
    try {
      return result(
          (int) GETPEERNAME.invokeExact(scratch.errno, fd, scratch.value, scratch.length), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** The value is in the {@code value} of {@code scratch}. */
  static int setsockopt(int fd, int level, int name, int length, Scratch scratch) {
    try {
      return result(
          (int) SETSOCKOPT.invokeExact(scratch.errno, fd, level, name, scratch.value, length),
          scratch);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  static int setsockopt(int fd, int level, int name, int value) {
    Scratch scratch = Scratch.POOL.take();
    try {
      scratch.value.set(JAVA_INT, 0, value);
      return setsockopt(fd, level, name, Integer.BYTES, scratch);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  /** The value comes into the {@code value} of {@code scratch}. */
  static int getsockopt(int fd, int level, int name, int length, Scratch scratch) {
    scratch.length.set(JAVA_INT, 0, length);
    try {
      return result(
          (int)
              GETSOCKOPT.invokeExact(scratch.errno, fd, level, name, scratch.value, scratch.length),
          scratch);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** What an {@code int} that {@code request} asks for is. */
  static int ioctl(int fd, long request) {
    Scratch scratch = Scratch.POOL.take();
    try {
      int done =
          result((int) IOCTL.invokeExact(scratch.errno, fd, request, scratch.value), scratch);
      return done < 0 ? done : scratch.value.get(JAVA_INT, 0);
    } catch (Throwable e) {
      throw thrown(e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  static int ppoll(MemorySegment descriptors, int count, MemorySegment limit, MemorySegment errno) {
    try {
      int done =
          (int) PPOLL.invokeExact(errno, descriptors, (long) count, limit, MemorySegment.NULL);
      return done < 0 ? -errno.get(JAVA_INT, 0) : done;
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  static int eventfd() {
    Scratch scratch = Scratch.POOL.take();
    try {
      return result(
          (int) EVENTFD.invokeExact(scratch.errno, 0, Abi.EFD_NONBLOCK | Abi.EFD_CLOEXEC), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  static int epollCreate() {
    Scratch scratch = Scratch.POOL.take();
    try {
      return result((int) EPOLL_CREATE1.invokeExact(scratch.errno, Abi.EPOLL_CLOEXEC), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  static int epollCtl(int epoll, int operation, int fd, int events, long data) {
    Scratch scratch = Scratch.POOL.take();
    try {
      MemorySegment event = scratch.value;
      event.set(JAVA_INT, 0, events);
      event.set(JAVA_LONG_UNALIGNED, Abi.EPOLL_EVENT_DATA, data);
      return result(
          (int) EPOLL_CTL.invokeExact(scratch.errno, epoll, operation, fd, event), scratch);
    } catch (Throwable e) {
      throw thrown(e);
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  static int epollWait(int epoll, MemorySegment events, int most, int millis, MemorySegment errno) {
    try {
      int found = (int) EPOLL_WAIT.invokeExact(errno, epoll, events, most, millis);
      return found < 0 ? -errno.get(JAVA_INT, 0) : found;
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** As {@link #epollWait}, without waiting. */
  static int epollLook(int epoll, MemorySegment events, int most, MemorySegment errno) {
    try {
      int found = (int) EPOLL_LOOK.invokeExact(errno, epoll, events, most, 0);
      return found < 0 ? -errno.get(JAVA_INT, 0) : found;
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Where one direction's critical calls leave their errors; kept, or each call would make one. */
  static MemorySegment newErrno() {
    return MemorySegment.ofArray(new int[1]);
  }

  /**
   * Receives into {@code length} bytes of {@code target}. The segments are made here, where the
   * compiler sees that they need no memory.
   *
   * @param errno of the caller's direction alone
   */
  static long recv(int fd, byte[] target, int offset, int length, int flags, MemorySegment errno) {
    try {
      MemorySegment into = MemorySegment.ofArray(target).asSlice(offset, length);
      long n = (long) RECV.invokeExact(errno, fd, into, (long) length, flags);
      return n < 0 ? -errno.get(JAVA_INT, 0) : n;
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Sends {@code length} bytes of {@code source}; see {@link #recv}. */
  static long send(int fd, byte[] source, int offset, int length, int flags, MemorySegment errno) {
    try {
      MemorySegment from = MemorySegment.ofArray(source).asSlice(offset, length);
      long n = (long) SEND.invokeExact(errno, fd, from, (long) length, flags);
      return n < 0 ? -errno.get(JAVA_INT, 0) : n;
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Receives a datagram and its sender's address; see {@link #recv}. */
  static long recvfrom(
      int fd,
      MemorySegment target,
      long length,
      MemorySegment from,
      MemorySegment fromLength,
      MemorySegment errno) {
    try {
      long n =
          (long)
              RECVFROM.invokeExact(errno, fd, target, length, Abi.MSG_DONTWAIT, from, fromLength);
      return n < 0 ? -errno.get(JAVA_INT, 0) : n;
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Sends a datagram, to the connected peer if {@code to} is NULL; see {@link #recv}. */
  static long sendto(
      int fd,
      MemorySegment source,
      long length,
      MemorySegment to,
      int toLength,
      MemorySegment errno) {
    try {
      long n =
          (long)
              SENDTO.invokeExact(
                  errno, fd, source, length, Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL, to, toLength);
      return n < 0 ? -errno.get(JAVA_INT, 0) : n;
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Wakes whoever waits for {@code eventfd}. */
  static void signal(int eventfd) {
    try {
      // Fails only when it is full of signals: then whoever waits is awake already.
      long ignored =
          (long)
              WRITE.invokeExact(
                  MemorySegment.ofArray(new int[1]),
                  eventfd,
                  MemorySegment.ofArray(new long[] {1}),
                  (long) Long.BYTES);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Takes all signals back. */
  static void unsignal(int eventfd) {
    try {
      long ignored =
          (long)
              READ.invokeExact(
                  MemorySegment.ofArray(new int[1]),
                  eventfd,
                  MemorySegment.ofArray(new long[1]),
                  (long) Long.BYTES);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }
}
