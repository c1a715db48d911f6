package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/**
 * What a platform thread needs to sleep in {@code ppoll}: the memory for the call, and an eventfd
 * by which others wake it. It is lent for one wait and never closed, so that a wake which comes too
 * late hits another wait, for which it is a spurious one, and never a descriptor of somebody else.
 */
final class Sleeper {
  static final Pool<Sleeper> POOL = new Pool<>(Sleeper::new);

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long FOREVER = Long.MAX_VALUE;

  /** How long to sleep where no eventfd can be had. */
  private static final long WITHOUT_EVENTFD = TimeUnit.MILLISECONDS.toNanos(5);

  /** Offsets in a {@code pollfd}, and its size. */
  private static final long EVENTS = 4;

  private static final long REVENTS = 6;
  private static final long POLLFD = 8;

  private final MemorySegment descriptors;
  private final MemorySegment limit;
  private final MemorySegment errno;
  private volatile int eventfd = -1;

  private Sleeper() {
    MemorySegment all = Arena.global().allocate(48, 8);
    descriptors = all.asSlice(0, 2 * POLLFD);
    limit = all.asSlice(16, 16);
    errno = all.asSlice(32, 4);
  }

  /** Makes sure that a wake can come in; false if no descriptor is left for that. */
  boolean canBeWoken() {
    if (eventfd < 0) {
      int made = Libc.eventfd();
      if (made < 0) {
        return false;
      }
      descriptors.set(JAVA_INT, POLLFD, made);
      descriptors.set(JAVA_SHORT, POLLFD + EVENTS, Abi.POLLIN);
      eventfd = made;
    }
    return true;
  }

  /**
   * Sleeps until {@code fd} is ready for {@code events}, a wake or a signal of the system comes, or
   * {@code nanos} have passed. One who cannot be woken sleeps for a few milliseconds only.
   *
   * @param fd negative for none
   */
  void sleep(int fd, short events, long nanos) {
    boolean wakeable = eventfd >= 0;
    long most = wakeable ? nanos : Math.min(nanos, WITHOUT_EVENTFD);
    descriptors.set(JAVA_INT, 0, fd);
    descriptors.set(JAVA_SHORT, EVENTS, events);
    descriptors.set(JAVA_SHORT, POLLFD + REVENTS, (short) 0);
    MemorySegment time = MemorySegment.NULL;
    if (most != FOREVER) {
      limit.set(JAVA_LONG, 0, most / NANOS_PER_SECOND);
      limit.set(JAVA_LONG, Long.BYTES, most % NANOS_PER_SECOND);
      time = limit;
    }
    int found = Libc.ppoll(descriptors, wakeable ? 2 : 1, time, errno);
    if (found > 0 && wakeable && descriptors.get(JAVA_SHORT, POLLFD + REVENTS) != 0) {
      forgetWakes();
    }
  }

  /** Whether {@code fd} has room to write, or has failed, by now. */
  static boolean isWritable(int fd) {
    Sleeper mine = POOL.take();
    try {
      mine.descriptors.set(JAVA_INT, 0, fd);
      mine.descriptors.set(JAVA_SHORT, EVENTS, Abi.POLLOUT);
      mine.limit.fill((byte) 0);
      return Libc.ppoll(mine.descriptors, 1, mine.limit, mine.errno) > 0;
    } finally {
      POOL.give(mine);
    }
  }

  /** Has {@code epoll} tell of wakes, with {@code data}; a failure as the kernel returns it. */
  int watch(int epoll, long data) {
    return canBeWoken()
        ? Libc.epollCtl(epoll, Abi.EPOLL_CTL_ADD, eventfd, Abi.EPOLLIN, data)
        : -Errno.EMFILE;
  }

  /** Takes back the wakes that have come. */
  void forgetWakes() {
    Libc.unsignal(eventfd);
  }

  /** Ends the sleep of whoever has this now, or will have it next. */
  void wake() {
    if (eventfd >= 0) {
      Libc.signal(eventfd);
    }
  }
}
