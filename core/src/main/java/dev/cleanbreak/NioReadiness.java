package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread sleeps in a selector of its own, on which it selects itself: a wake-up and an
 * interrupt both end the wait, and neither closes anything. The selector is opened at the first
 * wait that has to sleep; on Linux it costs two descriptors. A virtual thread parks, and {@link
 * NioPoller} selects for it.
 *
 * <p>No wake is lost. The waker stores {@link #woken} and then looks for the selector and for the
 * parked thread; the waiter publishes where it sleeps and then looks at {@link #woken}.
 */
final class NioReadiness implements Readiness {
  static {
    // The bits of the interface are those of the selection keys.
    assert READ == SelectionKey.OP_READ
        && WRITE == SelectionKey.OP_WRITE
        && CONNECT == SelectionKey.OP_CONNECT
        && ACCEPT == SelectionKey.OP_ACCEPT;
  }

  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long to sleep where no selector can be had. */
  private static final long WITHOUT_SELECTOR = TimeUnit.MILLISECONDS.toNanos(5);

  private final NioPort<?> port;
  private volatile boolean woken;

  // Where a platform thread sleeps.
  private volatile @Nullable Selector selector;
  private @Nullable SelectionKey key;

  // Where a virtual thread sleeps.
  private @Nullable NioParking parking;
  private volatile @Nullable Thread parked;
  private volatile int awaited;
  private volatile boolean ready;

  NioReadiness(NioPort<?> port) {
    this.port = port;
  }

  @Override
  public void await(int interest, long nanos) throws IOException {
    if (Thread.currentThread().isVirtual()) {
      park(interest, nanos);
    } else {
      select(interest, nanos);
    }
  }

  @Override
  public boolean leavesInterruptHook() {
    return Thread.currentThread().isVirtual();
  }

  private void select(int interest, long nanos) throws IOException {
    Selector open = selector;
    if (open == null) {
      try {
        open = Selector.open();
      } catch (IOException outOfDescriptors) {
        sleepWithoutSelector(nanos);
        return;
      }
      selector = open;
      if (woken) {
        woken = false;
        return;
      }
    }
    register(open, interest);
    if (nanos == FOREVER) {
      open.select(NioReadiness::ignore);
    } else {
      // Rounded up: never early, and never 0, which would mean for ever.
      open.select(NioReadiness::ignore, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }
  }

  private void register(Selector open, int ops) throws IOException {
    SelectionKey registered = key;
    if (registered == null) {
      key = port.channel.register(open, ops);
    } else if (registered.interestOps() != ops) {
      registered.interestOps(ops);
    }
  }

  private static void ignore(SelectionKey key) {}

  private void park(int interest, long nanos) throws IOException {
    NioParking place = parking;
    if (place == null) {
      try {
        place = port.parking();
      } catch (IOException outOfDescriptors) {
        sleepWithoutSelector(nanos);
        return;
      }
      place.add(this);
      parking = place;
    }
    Thread me = Thread.currentThread();
    long until = nanos == FOREVER ? Ticks.NEVER : Ticks.after(Ticks.now(), nanos);
    ready = false;
    awaited = interest;
    parked = me;
    place.ask(interest);
    while (!woken && !ready && !me.isInterrupted()) {
      if (until == Ticks.NEVER) {
        LockSupport.park(this);
        continue;
      }
      long left = until - Ticks.now();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    parked = null;
    woken = false;
    if (!ready) {
      place.withdraw(interest);
    }
  }

  /** By the poller: the channel is ready for {@code operations}. */
  void ready(int operations) {
    if ((awaited & operations) != 0) {
      ready = true;
      LockSupport.unpark(parked);
    }
  }

  /**
   * A call in progress must not fail because no descriptor is left for a selector: it looks again
   * now and then instead. Whoever wakes a call unparks its thread, too.
   */
  private void sleepWithoutSelector(long nanos) {
    LockSupport.parkNanos(this, Math.min(nanos, WITHOUT_SELECTOR));
  }

  @Override
  public void wake() {
    woken = true;
    Selector open = selector;
    if (open != null) {
      open.wakeup();
    }
    LockSupport.unpark(parked);
  }

  @Override
  public void close() throws IOException {
    if (parking != null) {
      parking.remove(this);
    }
    Selector open = selector;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      port.awaitRelease();
    }
  }
}
