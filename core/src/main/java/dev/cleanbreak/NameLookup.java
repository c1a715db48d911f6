package dev.cleanbreak;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up in threads of its own, so that a call can leave a lookup behind: the system's
 * resolver can be neither stopped nor given a limit. Thread-safe.
 *
 * <p>One flight for each name: whoever asks for a name that is being looked up joins its flight.
 *
 * <pre>
 *   QUEUED --a thread is free--&gt; FLYING --the resolver answers--&gt; LANDED
 *      |                           |
 *      |                           +-- the last waiter leaves: flies on; its answer is dropped
 *      +-- the last waiter leaves --&gt; DROPPED, never flies
 *
 *   {@link #flights} holds those that are QUEUED or FLYING; only they can be joined.
 * </pre>
 *
 * <p>So threads are bounded by the pool, and what waits for one by the calls that wait. A flight
 * that never lands keeps its thread, and keeps its name from being looked up again: the JDK holds a
 * lock for each name while it asks, so a second flight would hang behind the first.
 *
 * <p>No wake is lost: a flight stores its answer and then wakes those who have joined; whoever
 * waits joins and then looks at the answer before it parks. The steps above are taken under the
 * monitor; nobody waits, resolves or wakes while holding it.
 */
final class NameLookup {
  /** Asks the system; may take any time. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /** The JDK's resolver, with its cache; a flight for each of so many names at a time. */
  static final NameLookup SYSTEM = new NameLookup(InetAddress::getAllByName, 16);

  private static final long IDLE_SECONDS = 5;

  private final Resolver resolver;
  private final ThreadPoolExecutor pool;

  /** Guarded by this. */
  private final Map<String, Flight> flights = new HashMap<>();

  /**
   * A lookup with threads of its own, gone when idle.
   *
   * @param mostThreads how many names can be looked up at a time
   */
  NameLookup(Resolver resolver, int mostThreads) {
    this.resolver = resolver;
    this.pool =
        new ThreadPoolExecutor(
            mostThreads,
            mostThreads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threadFactory());
    pool.allowCoreThreadTimeOut(true);
  }

  /** Platform threads: a resolver in native code would hold the carrier of a virtual one. */
  private static ThreadFactory threadFactory() {
    ThreadFactory plain =
        Thread.ofPlatform()
            .daemon()
            .name("cleanbreak-lookup-", 1)
            .inheritInheritableThreadLocals(false)
            .factory();
    return task -> {
      Thread thread = plain.newThread(task);
      // The application's class loader must not live as long as this thread.
      thread.setContextClassLoader(null);
      return thread;
    };
  }

  /**
   * The addresses of {@code host} in the resolver's order, at least one, each once; null if the
   * call was cut. The calling thread is the call's.
   *
   * @throws UnknownHostException if there are none; its message names the host
   */
  @Nullable List<InetAddress> addresses(String host, Call call) throws UnknownHostException {
    InetAddress literal = literalOrNull(host);
    if (literal != null) {
      return List.of(literal);
    }
    Flight flight = join(host, call);
    try {
      Answer answer = flight.answer;
      while (answer == null) {
        if (!call.park(Ticks.NEVER)) {
          return null;
        }
        answer = flight.answer;
      }
      return answer.addresses(host);
    } finally {
      leave(flight, call);
    }
  }

  /** What needs no lookup. */
  private static @Nullable InetAddress literalOrNull(String host) {
    boolean maybe =
        !host.isEmpty() && (host.indexOf(':') >= 0 || Character.isDigit(host.charAt(0)));
    try {
      return maybe ? InetAddress.ofLiteral(host) : null;
    } catch (IllegalArgumentException aName) {
      return null;
    }
  }

  private Flight join(String host, Call call) throws UnknownHostException {
    Flight flight;
    boolean taken;
    synchronized (this) {
      Flight under = flights.get(host);
      taken = under == null;
      flight = under == null ? new Flight(host) : under;
      flights.put(host, flight);
      flight.waiters.add(call);
    }
    if (taken) {
      launch(flight);
    }
    return flight;
  }

  private void launch(Flight flight) {
    try {
      pool.execute(flight);
    } catch (OutOfMemoryError noThread) {
      flight.land(new Answer(List.of(), noThread));
    }
  }

  private void leave(Flight flight, Call call) {
    synchronized (this) {
      flight.waiters.remove(call);
      if (flight.flying || !flight.waiters.isEmpty()) {
        return;
      }
      flight.dropped = true;
      flights.remove(flight.host, flight);
    }
    pool.remove(flight);
  }

  /** How many threads there are. */
  int threads() {
    return pool.getPoolSize();
  }

  /** How many flights wait for a thread. */
  int queued() {
    return pool.getQueue().size();
  }

  /** How many wait for {@code host}. */
  synchronized int waiters(String host) {
    Flight flight = flights.get(host);
    return flight == null ? 0 : flight.waiters.size();
  }

  /** What a resolver said: addresses, or else why there are none. */
  private record Answer(List<InetAddress> found, @Nullable Throwable failure) {
    /** A new exception each time: several may wait, each with a stack of its own. */
    List<InetAddress> addresses(String host) throws UnknownHostException {
      if (!found.isEmpty()) {
        return found;
      }
      String said = failure == null ? "the resolver has no address" : failure.getMessage();
      String why = said == null ? String.valueOf(failure) : said;
      UnknownHostException thrown =
          new UnknownHostException(why.contains(host) ? why : host + ": " + why);
      thrown.initCause(failure);
      throw thrown;
    }
  }

  /** One lookup of one name, for all who ask for it meanwhile. */
  private final class Flight implements Runnable {
    private final String host;

    /** Guarded by the lookup's monitor, as are the two below. */
    private final Set<Call> waiters = new HashSet<>();

    private boolean flying;
    private boolean dropped;

    /** Set once, when it lands. */
    private volatile @Nullable Answer answer;

    Flight(String host) {
      this.host = host;
    }

    @Override
    public void run() {
      synchronized (NameLookup.this) {
        if (dropped) {
          return;
        }
        flying = true;
      }
      land(ask());
    }

    private Answer ask() {
      try {
        InetAddress[] found = resolver.resolve(host);
        return new Answer(List.of(found).stream().distinct().toList(), null);
      } catch (UnknownHostException | RuntimeException | Error e) {
        // Whatever it is, those who wait must hear of it.
        return new Answer(List.of(), e);
      }
    }

    private void land(Answer said) {
      List<Call> waiting;
      synchronized (NameLookup.this) {
        flights.remove(host, this);
        waiting = new ArrayList<>(waiters);
        answer = said;
      }
      waiting.forEach(Call::wake);
    }
  }
}
