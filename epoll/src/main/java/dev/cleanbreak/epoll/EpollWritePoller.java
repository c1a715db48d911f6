package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Waits for room on many streams with one epoll instance, level-triggered. A descriptor is watched
 * by it besides the {@link Poller}s.
 */
final class EpollWritePoller implements WritePoller {
  private static final int MOST_EVENTS = 64;
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(1);

  /** What an event carries that is no port's. */
  private static final int WAKE = -1;

  /** The owner's: it makes, uses and closes this. */
  private final Arena arena = Arena.ofConfined();

  private final MemorySegment events = arena.allocate(MOST_EVENTS * Abi.EPOLL_EVENT_SIZE, 8);
  private final MemorySegment errno = arena.allocate(4, 4);
  private final int epoll;

  /** Given back at the close; a wake that comes even later is spurious for the next who has it. */
  private final Sleeper waker = Sleeper.POOL.take();

  private final Map<Integer, Object> owners = new HashMap<>();

  EpollWritePoller() throws IOException {
    epoll = Libc.epollCreate();
    try {
      EpollPort.check(epoll);
      EpollPort.check(waker.watch(epoll, WAKE));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public void watch(StreamPort port, Object owner) throws IOException {
    int fd = ((EpollStream) port).fd;
    EpollPort.check(Libc.epollCtl(epoll, Abi.EPOLL_CTL_ADD, fd, Abi.EPOLLOUT, fd));
    owners.put(fd, owner);
  }

  @Override
  public void unwatch(StreamPort port) {
    int fd = ((EpollStream) port).fd;
    if (owners.remove(fd) != null) {
      Libc.epollCtl(epoll, Abi.EPOLL_CTL_DEL, fd, 0, 0);
    }
  }

  @Override
  public void poll(long nanos, Consumer<Object> ready) {
    // Rounded up: it must not look again and again until a fraction is over.
    long millis = Math.min((nanos - 1) / NANOS_PER_MILLI + 1, LONGEST_MILLIS);
    int found = Libc.epollWait(epoll, events, MOST_EVENTS, (int) millis, errno);
    for (int i = 0; i < found; i++) {
      long at = i * Abi.EPOLL_EVENT_SIZE + Abi.EPOLL_EVENT_DATA;
      int fd = (int) events.get(JAVA_LONG_UNALIGNED, at);
      if (fd == WAKE) {
        waker.forgetWakes();
        continue;
      }
      Object owner = owners.get(fd);
      if (owner != null) {
        ready.accept(owner);
      }
    }
  }

  @Override
  public void wake() {
    waker.wake();
  }

  @Override
  public void close() {
    if (epoll >= 0) {
      Libc.close(epoll);
    }
    Sleeper.POOL.give(waker);
    arena.close();
  }
}
