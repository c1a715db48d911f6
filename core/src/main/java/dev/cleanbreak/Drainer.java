package dev.cleanbreak;

import dev.cleanbreak.spi.Transport;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Pays what sockets carry, whether or not anybody calls them: one platform thread for all sockets
 * of a transport, started when first needed and gone when it has been idle.
 *
 * <pre>
 *   ABSENT --start--&gt; RUNNING --idle for a while, queue empty--&gt; ABSENT
 * </pre>
 *
 * <p>{@link #owed} counts the connections handed in and not yet settled. The thread ends only by
 * moving it from zero to {@link #ABSENT}; whoever counts up from {@link #ABSENT} starts a new one.
 * A connection is counted before it can be seen, and so never counted out before it was counted in.
 * So a connection is never left without a thread, and there are never two.
 */
final class Drainer {
  private static final ConcurrentMap<Transport, Drainer> ALL = new ConcurrentHashMap<>();
  private static final int ABSENT = -1;
  private static final long IDLE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Transport transport;
  private final AtomicInteger owed = new AtomicInteger(ABSENT);
  private final ConcurrentLinkedQueue<StreamOutput> arrivals = new ConcurrentLinkedQueue<>();
  private volatile @Nullable WritePoller poller;

  private Drainer(Transport transport) {
    this.transport = transport;
  }

  static Drainer of(Transport transport) {
    return ALL.computeIfAbsent(transport, Drainer::new);
  }

  /** Takes a connection over until it is settled. It has been counted in and is not here yet. */
  void submit(StreamOutput output) {
    boolean absent = owed.getAndUpdate(n -> n == ABSENT ? 1 : n + 1) == ABSENT;
    arrivals.add(output);
    if (absent) {
      start();
    }
    wake();
  }

  /** Starts the thread; where the system has none left, a virtual one, which needs none. */
  private void start() {
    try {
      start(Thread.ofPlatform().daemon());
    } catch (OutOfMemoryError noThread) {
      try {
        start(Thread.ofVirtual());
      } catch (OutOfMemoryError noMemory) {
        fail(Set.of(), noMemory);
      }
    }
  }

  private void start(Thread.Builder thread) {
    thread.name("cleanbreak-drainer").inheritInheritableThreadLocals(false).start(this::run);
  }

  void wake() {
    WritePoller awake = poller;
    if (awake != null) {
      awake.wake();
    }
  }

  private void run() {
    // The application's class loader must not live as long as this thread.
    Thread.currentThread().setContextClassLoader(null);
    Set<StreamOutput> watched = new HashSet<>();
    try {
      WritePoller mine = openPoller();
      poller = mine;
      try {
        serve(mine, watched);
      } finally {
        mine.close();
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(watched, e);
      Log.log(Level.ERROR, "cleanbreak-drainer failed; the connections it served are poisoned", e);
    }
  }

  private WritePoller openPoller() {
    try {
      return transport.openWritePoller();
    } catch (IOException outOfDescriptors) {
      return new BlindPoller();
    }
  }

  private void serve(WritePoller mine, Set<StreamOutput> watched) throws IOException {
    for (; ; ) {
      // An interrupt would end every poll at once; nobody has a reason to interrupt this thread.
      Thread.interrupted();
      admit(mine, watched);
      long now = Ticks.now();
      long next = settle(mine, watched, now);
      if (watched.isEmpty() && arrivals.isEmpty()) {
        mine.poll(IDLE_NANOS, owner -> {});
        // Withdrawn first: a new thread, once it may start, publishes a poller of its own.
        poller = null;
        if (owed.compareAndSet(0, ABSENT)) {
          return;
        }
        poller = mine;
      } else {
        mine.poll(Math.max(1, next - now), owner -> ((StreamOutput) owner).drain());
      }
    }
  }

  private void admit(WritePoller mine, Set<StreamOutput> watched) throws IOException {
    for (StreamOutput each; (each = arrivals.poll()) != null; ) {
      watched.add(each);
      try {
        mine.watch(each.port(), each);
      } catch (IOException e) {
        each.poison("it cannot be watched: " + e.getMessage(), e);
      }
    }
  }

  /** Lets go of the connections that owe nothing or are too late; returns when the next one is. */
  private long settle(WritePoller mine, Set<StreamOutput> watched, long now) throws IOException {
    long next = Ticks.after(now, IDLE_NANOS);
    List<StreamOutput> settled = new ArrayList<>();
    for (StreamOutput each : watched) {
      each.giveUpIfLate(now);
      if (each.owesNothing()) {
        settled.add(each);
      } else {
        next = Math.min(next, each.drainLimit());
      }
    }
    for (StreamOutput each : settled) {
      mine.unwatch(each.port());
      watched.remove(each);
      letGo(each);
    }
    return next;
  }

  private void letGo(StreamOutput output) {
    owed.decrementAndGet();
    output.released(this);
  }

  /** Fails every connection that was counted in, also those that are about to arrive. */
  private void fail(Set<StreamOutput> watched, Throwable cause) {
    poller = null;
    for (StreamOutput each : watched) {
      fail(each, cause);
    }
    while (!owed.compareAndSet(0, ABSENT)) {
      StreamOutput each = arrivals.poll();
      if (each != null) {
        fail(each, cause);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private void fail(StreamOutput output, Throwable cause) {
    output.poison("the drainer failed", cause);
    letGo(output);
  }
}
