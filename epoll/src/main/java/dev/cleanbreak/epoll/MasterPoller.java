package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits, in a platform thread, for the epoll instances of the {@link Poller}s that sleep. One that
 * goes to sleep asks to be woken once; if something has come meanwhile, that is at once.
 */
final class MasterPoller {
  private static final int MOST_EVENTS = 64;
  private static final int FOREVER = -1;

  private final int epoll;
  private final List<Thread> pollers = new CopyOnWriteArrayList<>();
  private final MemorySegment events =
      Arena.global().allocate(MOST_EVENTS * Abi.EPOLL_EVENT_SIZE, 8);
  private final MemorySegment errno = Arena.global().allocate(4, 4);

  MasterPoller() throws SocketException {
    epoll = Libc.epollCreate();
    EpollPort.check(epoll);
  }

  /** Takes a poller in before it starts. */
  void add(Thread poller, int of) throws SocketException {
    EpollPort.check(Libc.epollCtl(epoll, Abi.EPOLL_CTL_ADD, of, Abi.EPOLLONESHOT, pollers.size()));
    pollers.add(poller);
  }

  void start() {
    Thread.ofPlatform()
        .daemon()
        .name("cleanbreak-epoll-master")
        .inheritInheritableThreadLocals(false)
        .start(this::run);
  }

  /** Parks the poller {@code number} until there is something in its epoll instance {@code of}. */
  void await(int of, int number) throws SocketException {
    EpollPort.check(
        Libc.epollCtl(epoll, Abi.EPOLL_CTL_MOD, of, Abi.EPOLLIN | Abi.EPOLLONESHOT, number));
    LockSupport.park(this);
  }

  private void run() {
    // The application's class loader must not live as long as this thread.
    Thread.currentThread().setContextClassLoader(null);
    for (; ; ) {
      try {
        int found = Libc.epollWait(epoll, events, MOST_EVENTS, FOREVER, errno);
        for (int i = 0; i < found; i++) {
          long at = i * Abi.EPOLL_EVENT_SIZE + Abi.EPOLL_EVENT_DATA;
          LockSupport.unpark(pollers.get((int) events.get(JAVA_LONG_UNALIGNED, at)));
        }
      } catch (RuntimeException | Error e) {
        Poller.goOnAfter(e);
      }
    }
  }
}
