package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sleeps in a selector of its own, on which the waiting thread itself selects: a wake-up and an
 * interrupt both end the wait, and neither closes anything. The selector is opened at the first
 * wait that has to sleep; on Linux it costs two descriptors.
 *
 * <p>A wake before the selector exists is kept in {@link #woken}. The waker stores it and then
 * looks for the selector; the waiter publishes the selector and then looks at it.
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

  private final SelectableChannel channel;
  private volatile @Nullable Selector selector;
  private volatile boolean woken;
  private @Nullable SelectionKey key;

  NioReadiness(SelectableChannel channel) {
    this.channel = channel;
  }

  @Override
  public void await(int interest, long nanos) throws IOException {
    Selector open = selector;
    if (open == null) {
      try {
        open = Selector.open();
      } catch (IOException outOfDescriptors) {
        // A call in progress must not fail for that: it looks again now and then instead. Whoever
        // wakes a call unparks its thread, too.
        LockSupport.parkNanos(this, Math.min(nanos, WITHOUT_SELECTOR));
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
      key = channel.register(open, ops);
    } else if (registered.interestOps() != ops) {
      registered.interestOps(ops);
    }
  }

  private static void ignore(SelectionKey key) {}

  @Override
  public void wake() {
    woken = true;
    Selector open = selector;
    if (open != null) {
      open.wakeup();
    }
  }

  @Override
  public void close() throws IOException {
    Selector open = selector;
    if (open != null) {
      open.close();
    }
  }
}
