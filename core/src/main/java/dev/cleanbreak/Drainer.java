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
 * So a connection is never left without a thread, and there are never two.
 */
final class Drainer {
  private static final System.Logger LOG = System.getLogger("dev.cleanbreak");
  private static final ConcurrentMap<Transport, Drainer> ALL = new ConcurrentHashMap<>();
  private static final int ABSENT = -1;
  private static final long IDLE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Transport transport;
  private final AtomicInteger owed = new AtomicInteger(ABSENT);
  private final ConcurrentLinkedQueue<StreamConnection> arrivals = new ConcurrentLinkedQueue<>();
  private volatile @Nullable WritePoller poller;

  private Drainer(Transport transport) {
    this.transport = transport;
  }

  static Drainer of(Transport transport) {
    return ALL.computeIfAbsent(transport, Drainer::new);
  }

  /** Takes a connection over until it is settled. It has been counted in and is not here yet. */
  void submit(StreamConnection connection) {
    arrivals.add(connection);
    if (owed.getAndUpdate(n -> n == ABSENT ? 1 : n + 1) == ABSENT) {
      Thread.ofPlatform()
          .daemon()
          .name("cleanbreak-drainer")
          .inheritInheritableThreadLocals(false)
          .start(this::run);
    }
    wake();
  }

  void wake() {
    WritePoller awake = poller;
    if (awake != null) {
      awake.wake();
    }
  }

  private void run() {
    Set<StreamConnection> watched = new HashSet<>();
    try {
      WritePoller mine = transport.openWritePoller();
      poller = mine;
      try {
        serve(mine, watched);
      } finally {
        mine.close();
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.log(Level.ERROR, "cleanbreak-drainer failed; the connections it served are poisoned", e);
      fail(watched, e);
    }
  }

  private void serve(WritePoller mine, Set<StreamConnection> watched) throws IOException {
    for (; ; ) {
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
        mine.poll(Math.max(1, next - now), owner -> ((StreamConnection) owner).drain());
      }
    }
  }

  private void admit(WritePoller mine, Set<StreamConnection> watched) throws IOException {
    for (StreamConnection each; (each = arrivals.poll()) != null; ) {
      watched.add(each);
      try {
        mine.watch(each.streamPort(), each);
      } catch (IOException e) {
        each.loseCarried("it cannot be watched: " + e.getMessage(), e);
      }
    }
  }

  /** Lets go of the connections that owe nothing or are too late; returns when the next one is. */
  private long settle(WritePoller mine, Set<StreamConnection> watched, long now)
      throws IOException {
    long next = Ticks.after(now, IDLE_NANOS);
    List<StreamConnection> settled = new ArrayList<>();
    for (StreamConnection each : watched) {
      long lateAt = each.drainLimit();
      if (now >= lateAt) {
        each.drainedTooLate();
      }
      if (each.owesNothing()) {
        settled.add(each);
      } else {
        next = Math.min(next, lateAt);
      }
    }
    for (StreamConnection each : settled) {
      watched.remove(each);
      mine.unwatch(each.streamPort());
      letGo(each);
    }
    return next;
  }

  private void letGo(StreamConnection connection) {
    owed.decrementAndGet();
    connection.released(this);
  }

  private void fail(Set<StreamConnection> watched, Throwable cause) {
    for (StreamConnection each; (each = arrivals.poll()) != null; ) {
      watched.add(each);
    }
    int failed = watched.size();
    for (StreamConnection each : watched) {
      each.loseCarried("the drainer failed", cause);
      each.released(this);
    }
    // Those that came in meanwhile find the count absent and start a new thread.
    owed.updateAndGet(n -> n == failed ? ABSENT : n - failed);
  }
}
