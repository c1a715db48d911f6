package dev.cleanbreak.epoll;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread sleeps in {@code ppoll}, on its port and on the eventfd of a {@link Sleeper}. A
 * virtual thread parks, a {@link Poller} unparks it, and a timer looks at its limit.
 *
 * <p>No wake is lost. The waker stores {@link #woken} and then looks for the sleeper and for the
 * parked thread; the waiter publishes where it sleeps and then looks at {@link #woken}. Likewise
 * the poller marks the port and then looks for the waiter, and the waiter publishes itself at the
 * port and then looks at the mark.
 */
final class EpollReadiness implements Readiness {
  private static final long NEVER = Long.MAX_VALUE;

  private final EpollPort port;
  private volatile boolean woken;

  /** Where a platform thread sleeps. */
  private volatile @Nullable Sleeper sleeper;

  /** The virtual thread that waits. */
  private volatile @Nullable Thread parked;

  /** When that one has waited long enough. */
  private volatile long limit = NEVER;

  /**
   * When the timer looks at {@link #limit}; {@link #NEVER} if it is not asked to. A wait whose
   * limit is no earlier need not ask: the look finds the limit of then. So a connection whose waits
   * are short and whose limits are long asks once in a limit, not once in a wait.
   */
  private volatile long lookAt = NEVER;

  /** Guarded by this. */
  private @Nullable Future<?> look;

  EpollReadiness(EpollPort port) {
    this.port = port;
  }

  @Override
  public boolean leavesInterruptHook() {
    return true;
  }

  @Override
  public void await(int interest, long nanos) throws IOException {
    if (Thread.currentThread().isVirtual()) {
      park(interest, nanos);
    } else {
      poll(interest, nanos);
    }
  }

  // ---- a platform thread

  private void poll(int interest, long nanos) {
    port.platformWait();
    Sleeper mine = Sleeper.POOL.take();
    try {
      if (mine.canBeWoken()) {
        sleeper = mine;
      }
      // An interrupt from now on wakes; one before now may not have.
      if (!woken && !Thread.currentThread().isInterrupted()) {
        mine.sleep(interest == 0 ? -1 : port.fd, events(interest), nanos);
      }
    } finally {
      sleeper = null;
      woken = false;
      Sleeper.POOL.give(mine);
    }
  }

  private static short events(int interest) {
    int in = (interest & (READ | ACCEPT)) == 0 ? 0 : Abi.POLLIN;
    int out = (interest & (WRITE | CONNECT)) == 0 ? 0 : Abi.POLLOUT;
    return (short) (in | out);
  }

  // ---- a virtual thread

  private void park(int interest, long nanos) throws IOException {
    Thread me = Thread.currentThread();
    parked = me;
    try {
      port.virtualWait(this, interest);
      if (nanos == FOREVER) {
        while (!isOver(interest, me)) {
          LockSupport.park(this);
        }
      } else {
        long until = Deadlines.after(nanos);
        limit(until);
        while (!isOver(interest, me)) {
          LockSupport.park(this);
          if (!isOver(interest, me) && Deadlines.now() >= until) {
            break;
          }
        }
        limit = NEVER;
      }
    } finally {
      parked = null;
      woken = false;
    }
  }

  private boolean isOver(int interest, Thread me) {
    return woken || port.isReady(interest) || me.isInterrupted();
  }

  /**
   * Sets the limit of a wait. The waiter stores it and then looks at {@link #lookAt}; the look
   * takes that back and then reads the limit. So the limit is seen by a look that comes, or the
   * waiter sees that none will.
   */
  private void limit(long until) {
    limit = until;
    if (lookAt > until) {
      lookAt(until);
    }
  }

  private synchronized void lookAt(long time) {
    if (lookAt > time) {
      if (look != null) {
        look.cancel(false);
      }
      lookAt = time;
      look = Deadlines.at(time, this::look);
    }
  }

  private void look() {
    synchronized (this) {
      lookAt = NEVER;
      look = null;
    }
    long until = limit;
    if (until == NEVER) {
      return;
    }
    if (Deadlines.now() < until) {
      lookAt(until);
    } else {
      unpark();
    }
  }

  // ---- others

  /** Whether a virtual thread waits here. */
  boolean isParked() {
    return parked != null;
  }

  void unpark() {
    LockSupport.unpark(parked);
  }

  @Override
  public void wake() {
    woken = true;
    Sleeper asleep = sleeper;
    if (asleep != null) {
      asleep.wake();
    }
    unpark();
  }

  @Override
  public synchronized void close() {
    if (look != null) {
      look.cancel(false);
    }
  }
}
