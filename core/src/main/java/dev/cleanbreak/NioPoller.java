package dev.cleanbreak;

import dev.cleanbreak.spi.PollerTurns;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Selects for the virtual threads, which park meanwhile: one for all of them. So a socket on which
 * only virtual threads wait costs no selector, and of all waiting virtual threads only the poller
 * may have to keep its carrier, where the system does not let a virtual thread park in a select.
 *
 * <pre>
 *   ABSENT --first registration--&gt; RUNNING --no channel registered for a while--&gt; ABSENT
 *
 *   No-ops: a registration while RUNNING starts nothing.
 * </pre>
 *
 * <p>The class' monitor guards {@link #running}; a registration is made under it, and so is the
 * look that finds none and ends the poller. A channel stays registered until it is closed.
 *
 * <p>The poller is a virtual thread itself: it looks without waiting, unparks, and yields. Those
 * that it has unparked run before it looks again, and most have asked anew by then, so that the
 * kernel need not be told of the change. It sleeps in its selector only when it finds nothing.
 * Whoever asks stores the request and then looks whether the poller sleeps; the poller says that it
 * sleeps before its selector takes the requests up.
 */
final class NioPoller {
  private static final Duration IDLE = Duration.ofSeconds(5);

  /** How often a closer lets the poller run before it sleeps for it. */
  private static final int YIELDS = 2;

  private static final long AFTER_FAILURE_NANOS = Duration.ofMillis(10).toNanos();

  private static @Nullable NioPoller running;

  private final Selector selector;
  private volatile boolean asleep;
  private final PollerTurns turns = new PollerTurns(Ticks.now());
  private final Queue<Departure> departures = new ConcurrentLinkedQueue<>();

  /** A closed channel that is to be let go of, and the thread that waits for it. */
  private static final class Departure {
    private final Thread waiting = Thread.currentThread();
    private volatile boolean done;

    /**
     * A poller that is awake has mostly looked when a yield returns. The sleep is a last resort:
     * for each timed sleep of a virtual thread the JDK sets a timer and takes it back, which wakes
     * the timers' platform thread twice.
     */
    @SuppressWarnings("ThreadPriorityCheck") // lets it run
    void awaitDone(long nanos) {
      for (int i = 0; i < YIELDS && !done; i++) {
        Thread.yield();
      }
      long until = Ticks.after(Ticks.now(), nanos);
      boolean interrupted = false;
      for (long left; !done && (left = until - Ticks.now()) > 0; ) {
        LockSupport.parkNanos(this, left);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        waiting.interrupt();
      }
    }

    void done() {
      done = true;
      LockSupport.unpark(waiting);
    }
  }

  private NioPoller() throws IOException {
    selector = Selector.open();
  }

  /** Takes a channel in, for as long as it is open; nothing is waited for yet. */
  static synchronized NioParking register(SelectableChannel channel) throws IOException {
    NioPoller poller = running;
    if (poller == null) {
      poller = started();
      running = poller;
    }
    return new NioParking(poller, channel.register(poller.selector, 0));
  }

  private static NioPoller started() throws IOException {
    NioPoller poller = new NioPoller();
    try {
      Thread.ofVirtual()
          .name("cleanbreak-poller")
          .inheritInheritableThreadLocals(false)
          .start(poller::run);
      return poller;
    } catch (Error e) {
      poller.selector.close();
      throw e;
    }
  }

  void wake() {
    if (asleep) {
      selector.wakeup();
    }
  }

  /**
   * Returns once the poller has let go of {@code closed}, whose descriptor is free only then. That
   * takes the poller one look, at which it never waits for a peer; if it gets no carrier for that
   * in {@code nanos}, the descriptor is freed when it does.
   */
  void release(SelectableChannel closed, long nanos) {
    if (closed.isRegistered()) {
      Departure departure = new Departure();
      departures.add(departure);
      wake();
      departure.awaitDone(nanos);
    }
  }

  private void run() {
    // The application's class loader must not live as long as this thread.
    Thread.currentThread().setContextClassLoader(null);
    boolean idle = false;
    while (!(idle && ends())) {
      try {
        idle = poll();
      } catch (IOException | RuntimeException | Error e) {
        Log.log(Level.ERROR, "cleanbreak-poller goes on after a failure", e);
        LockSupport.parkNanos(AFTER_FAILURE_NANOS);
      }
    }
  }

  /** Looks once and waits if there was nothing; returns whether nothing came for a while. */
  private boolean poll() throws IOException {
    List<Departure> leaving = new ArrayList<>(0);
    for (Departure each; (each = departures.poll()) != null; ) {
      leaving.add(each);
    }
    int found;
    try {
      // A select begins by letting go of what was closed before.
      found = selector.selectNow(NioPoller::ready);
    } finally {
      leaving.forEach(Departure::done);
    }
    long began = Ticks.now();
    if (found == 0 && leaving.isEmpty()) {
      asleep = true;
      try {
        if (departures.isEmpty()) {
          selector.select(NioPoller::ready, IDLE.toMillis());
        }
      } finally {
        asleep = false;
      }
    }
    long now = Ticks.now();
    turns.giveWay(now);
    return now - began >= IDLE.toNanos();
  }

  private static void ready(SelectionKey key) {
    try {
      int ready = key.readyOps();
      // Whoever waits again asks again.
      key.interestOpsAnd(~ready);
      ((NioParking) key.attachment()).ready(ready);
    } catch (CancelledKeyException ignored) {
      // Closed meanwhile; whoever waited there has been woken for that.
    }
  }

  /** Ends the thread's work if no channel is registered. */
  private boolean ends() {
    synchronized (NioPoller.class) {
      if (!selector.keys().isEmpty() || !departures.isEmpty()) {
        return false;
      }
      running = null;
    }
    try {
      selector.close();
    } catch (IOException e) {
      Log.log(Level.DEBUG, "cleanbreak-poller ends with a failure", e);
    }
    return true;
  }
}
