package dev.cleanbreak;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The endpoints that have a port or are about to, for those who look from outside.
 *
 * <p>Held weakly, so that nothing lives longer for being listed. An endpoint does not refer to its
 * socket: a socket that was dropped is found by its cleaner, which closes the endpoint, and that
 * takes it from the list. Only an endpoint that never got a socket is taken out by its reference.
 *
 * <p>Coming and going is one step of a concurrent set each. Who looks walks that set and takes no
 * lock that a call holds; what comes or goes meanwhile may be seen or not.
 */
final class OpenEndpoints {
  private static final Set<Entry> ALL = ConcurrentHashMap.newKeySet();
  private static final ReferenceQueue<Endpoint> DROPPED = new ReferenceQueue<>();
  private static final AtomicLong IDS = new AtomicLong();

  private OpenEndpoints() {}

  /** One listed endpoint. */
  static final class Entry extends WeakReference<Endpoint> {
    private final long id = IDS.incrementAndGet();

    private Entry(Endpoint endpoint) {
      super(endpoint, DROPPED);
    }
  }

  static Entry add(Endpoint endpoint) {
    for (Reference<?> each; (each = DROPPED.poll()) != null; ) {
      ALL.remove(each);
    }
    Entry entry = new Entry(endpoint);
    ALL.add(entry);
    return entry;
  }

  static void remove(Entry entry) {
    ALL.remove(entry);
  }

  /** The state of each, in the order in which they were opened. */
  static List<SocketState> states() {
    List<SocketState> states = new ArrayList<>();
    for (Entry each : ALL) {
      Endpoint open = each.get();
      if (open != null) {
        states.add(open.state(each.id, Ticks.now()));
      }
    }
    states.sort(Comparator.comparingLong(SocketState::id));
    return states;
  }
}
