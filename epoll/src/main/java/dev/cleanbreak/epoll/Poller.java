package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.cleanbreak.spi.PollerTurns;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Unparks virtual threads whose ports have changed: an epoll instance, and a virtual thread that
 * looks at it without waiting, unparks and yields. Those that it has unparked run before it looks
 * again. When it finds nothing it parks, and the {@link MasterPoller}, a platform thread, waits for
 * it. It lives as long as the process.
 *
 * <p>A port is registered once, for both directions, edge-triggered. What the kernel hands back
 * with an event is the port's descriptor and the number of its registration, so that an event of a
 * closed port, fetched before the close, never reaches the next port of that descriptor.
 */
final class Poller {
  private static final int MOST_EVENTS = 512;
  private static final int EVENTS =
      Abi.EPOLLIN | Abi.EPOLLPRI | Abi.EPOLLOUT | Abi.EPOLLRDHUP | Abi.EPOLLET;
  private static final long AFTER_FAILURE_NANOS = 10_000_000;

  private static final AtomicInteger REGISTRATIONS = new AtomicInteger();
  private static final Poller[] ALL = start();

  private final MasterPoller master;
  private final int number;
  private final int epoll;
  private final MemorySegment events =
      Arena.global().allocate(MOST_EVENTS * Abi.EPOLL_EVENT_SIZE, 8);
  private final MemorySegment errno = Arena.global().allocate(4, 4);
  private final PollerTurns turns = new PollerTurns(System.nanoTime());

  private Poller(MasterPoller master, int number) throws SocketException {
    this.master = master;
    this.number = number;
    this.epoll = Libc.epollCreate();
    EpollPort.check(epoll);
  }

  /** As many as the JDK has: a quarter of the processors, as a power of two, at least one. */
  private static Poller[] start() {
    try {
      MasterPoller master = new MasterPoller();
      Poller[] all =
          new Poller
              [Math.max(1, Integer.highestOneBit(Runtime.getRuntime().availableProcessors() / 4))];
      for (int i = 0; i < all.length; i++) {
        all[i] = new Poller(master, i);
        all[i].begin();
      }
      master.start();
      return all;
    } catch (SocketException e) {
      throw new IllegalStateException("no poller for virtual threads", e);
    }
  }

  private void begin() throws SocketException {
    Thread thread =
        Thread.ofVirtual()
            .name("cleanbreak-epoll-" + number)
            .inheritInheritableThreadLocals(false)
            .unstarted(this::run);
    master.add(thread, epoll);
    thread.start();
  }

  static Poller of(int fd) {
    return ALL[fd & (ALL.length - 1)];
  }

  /** Watches {@code port} from now on; its present state is its first change. */
  void watch(EpollPort port) throws IOException {
    int tag = REGISTRATIONS.incrementAndGet();
    port.registration = tag;
    PortTable.put(port.fd, port);
    long data = (long) tag << 32 | port.fd;
    int done = Libc.epollCtl(epoll, Abi.EPOLL_CTL_ADD, port.fd, EVENTS, data);
    if (done < 0) {
      PortTable.put(port.fd, null);
      throw Errno.exception(done);
    }
  }

  /** Should the kernel fail here, whatever it tells under this number later is of nobody. */
  void unwatch(EpollPort port) {
    int _ = Libc.epollCtl(epoll, Abi.EPOLL_CTL_DEL, port.fd, 0, 0);
    PortTable.put(port.fd, null);
  }

  private void run() {
    // The application's class loader must not live as long as this thread.
    Thread.currentThread().setContextClassLoader(null);
    for (; ; ) {
      try {
        if (look() == 0) {
          master.await(epoll, number);
        } else {
          turns.giveWay(System.nanoTime());
        }
      } catch (IOException | RuntimeException | Error e) {
        goOnAfter(e);
      }
    }
  }

  /** Nobody else would wake those who wait: a poller goes on whatever happens. */
  static void goOnAfter(Throwable failure) {
    try {
      System.getLogger("dev.cleanbreak")
          .log(Level.ERROR, Thread.currentThread().getName() + " goes on after a failure", failure);
    } catch (RuntimeException | Error ignored) {
      // No logger and no memory for one: nobody is left to tell.
    }
    LockSupport.parkNanos(AFTER_FAILURE_NANOS);
  }

  private int look() {
    int found = Libc.epollLook(epoll, events, MOST_EVENTS, errno);
    for (int i = 0; i < found; i++) {
      long at = i * Abi.EPOLL_EVENT_SIZE;
      tell(events.get(JAVA_LONG_UNALIGNED, at + Abi.EPOLL_EVENT_DATA), events.get(JAVA_INT, at));
    }
    return found;
  }

  /**
   * Tells the port of the registration {@code data}, if it still stands. The kernel tells once: a
   * failure with one port must not lose the events of the others.
   */
  static void tell(long data, int events) {
    EpollPort port = PortTable.get((int) data);
    if (port == null || port.registration != (int) (data >>> 32)) {
      return;
    }
    try {
      port.changed(events);
    } catch (RuntimeException | Error e) {
      goOnAfter(e);
    }
  }
}
