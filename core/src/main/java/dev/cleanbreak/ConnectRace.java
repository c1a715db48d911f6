package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A connect to a name with several addresses (RFC 8305): one attempt after the other is begun,
 * without an end of the earlier ones, and the first that connects is the connection.
 *
 * <p>The calling thread begins every attempt, which never waits, and then parks as one call: until
 * an attempt has ended, until it is time for the next one, or until it is cut. An attempt that was
 * not decided at once is waited for by a virtual thread of its own.
 *
 * <pre>
 *   race     OPEN --an attempt connects--&gt; WON --the caller takes it--&gt; OVER
 *              |                                                          ^
 *              +---------- the caller is cut, or all have failed ---------+
 *
 *   attempt  BEGUN --connected while OPEN--&gt; the winner: its port is the connection's
 *              |---- connected later, or woken when OVER --&gt; closed
 *              +---- failed --&gt; closed; the reason is kept
 * </pre>
 *
 * <p>Each port has one owner at a time, and the owner closes it: the caller until the attempt's
 * thread runs, then that thread, and for the winner's port the caller again. The steps of the race
 * are taken under its monitor, so exactly one attempt wins, and a winner that a cut caller has not
 * seen yet is seen by {@link #end}: a made connection is either returned or closed. Nobody waits
 * while holding the monitor.
 *
 * <p>No wake is lost. An attempt stores its outcome and then wakes the call, whose wakes are
 * sticky; the caller reads the outcomes and then parks. The end of the race is stored before the
 * sleepers of the attempts are woken, which are sticky, too; an attempt looks at it before it
 * sleeps.
 */
final class ConnectRace {
  /** The Connection Attempt Delay that RFC 8305, section 5, recommends. */
  static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final StreamConnection connection;
  private final Call call;
  private final InetSocketAddress destination;
  private final List<InetAddress> addresses;

  // The caller's own.
  private int begun;
  private long nextAt;
  private int failuresSeen;

  /** Those whose threads run. Guarded by this, as is all below. */
  private final Set<Attempt> running = new LinkedHashSet<>();

  private final Map<InetAddress, IOException> failures = new HashMap<>();
  private @Nullable Attempt winner;
  private boolean over;

  /**
   * A race of a connection whose caller has the turn to connect.
   *
   * @param destination the name and the port
   * @param addresses at least two, in the order in which they are tried
   */
  ConnectRace(
      StreamConnection connection,
      Call call,
      InetSocketAddress destination,
      List<InetAddress> addresses) {
    this.connection = connection;
    this.call = call;
    this.destination = destination;
    this.addresses = addresses;
  }

  /**
   * The addresses in the order of RFC 8305, section 4: the families take turns, beginning with that
   * of the first address; within a family the order stays.
   */
  static List<InetAddress> interleaved(List<InetAddress> addresses) {
    Deque<InetAddress> same = new ArrayDeque<>();
    Deque<InetAddress> other = new ArrayDeque<>();
    boolean first = isIpv4(addresses.getFirst());
    addresses.forEach(each -> (isIpv4(each) == first ? same : other).add(each));
    List<InetAddress> order = new ArrayList<>();
    while (order.size() < addresses.size()) {
      if (!same.isEmpty()) {
        order.add(same.remove());
      }
      if (!other.isEmpty()) {
        order.add(other.remove());
      }
    }
    return order;
  }

  static boolean isIpv4(InetAddress address) {
    return address instanceof Inet4Address;
  }

  /**
   * Runs the race; the winner's port is the connection's then.
   *
   * @return the address that was reached
   * @throws ConnectException if every attempt has failed; it names each address with its reason and
   *     has their exceptions as suppressed ones
   */
  InetSocketAddress run() throws IOException {
    try {
      for (boolean goesOn = true; goesOn && !isDecided(); ) {
        goesOn = beginNext() || call.park(nextAt);
      }
    } catch (RuntimeException | Error e) {
      Attempt won = end();
      if (won != null) {
        won.discard();
      }
      throw e;
    }
    // Also for a call that is cut: what is connected is connected.
    Attempt won = end();
    if (won != null) {
      won.release();
      connection.takeStreamPort(won.port);
      return won.remote;
    }
    throw call.cause() == null ? allFailed() : connection.cutShort(connection.outputTurn, call, 0);
  }

  /** Begins an attempt if it is time: after the delay, or at once when another one has failed. */
  private boolean beginNext() {
    if (begun == addresses.size()) {
      nextAt = Ticks.NEVER;
      return false;
    }
    long now = Ticks.now();
    int failed = failed();
    if (begun > 0 && now < nextAt && failed == failuresSeen) {
      return false;
    }
    failuresSeen = failed;
    nextAt = Ticks.after(now, DELAY_NANOS);
    begin(addresses.get(begun));
    return true;
  }

  private void begin(InetAddress address) {
    begun++;
    connection.connecting("; tried " + texts(begun) + " of " + destination.getHostString());
    Attempt attempt;
    try {
      attempt = new Attempt(address, connection.newStreamPort());
    } catch (IOException e) {
      failed(address, e);
      return;
    }
    try {
      // The second look is for this host: there it is done at once and needs no thread.
      if (!attempt.port.connect(attempt.remote) && !attempt.port.finishConnect()) {
        launch(attempt);
      } else if (!wins(attempt)) {
        attempt.discard();
      }
    } catch (IOException e) {
      attempt.discard();
      failed(address, e);
    } catch (RuntimeException | Error e) {
      attempt.discard();
      throw e;
    }
  }

  private void launch(Attempt attempt) {
    synchronized (this) {
      running.add(attempt);
    }
    boolean started = false;
    try {
      Thread.ofVirtual()
          .name("cleanbreak-connect")
          .inheritInheritableThreadLocals(false)
          .start(attempt);
      started = true;
    } finally {
      if (!started) {
        leave(attempt);
      }
    }
  }

  private synchronized boolean isDecided() {
    return winner != null || failures.size() == addresses.size();
  }

  private synchronized boolean isOver() {
    return over;
  }

  private synchronized int failed() {
    return failures.size();
  }

  private synchronized void failed(InetAddress address, IOException why) {
    failures.put(address, why);
  }

  private synchronized boolean wins(Attempt connected) {
    if (over || winner != null) {
      return false;
    }
    winner = connected;
    return true;
  }

  /** After this the sleeper of {@code attempt} is not woken any more and can be closed. */
  private synchronized void leave(Attempt attempt) {
    running.remove(attempt);
  }

  /** No attempt wins any more, and those that run give up; returns the one that has won. */
  private synchronized @Nullable Attempt end() {
    over = true;
    for (Attempt each : running) {
      each.place.wake();
    }
    return winner;
  }

  private String texts(int count) {
    return addresses.subList(0, count).stream()
        .map(InetAddress::getHostAddress)
        .collect(Collectors.joining(", "));
  }

  private synchronized ConnectException allFailed() {
    StringBuilder each = new StringBuilder();
    for (InetAddress address : addresses) {
      each.append(each.isEmpty() ? "" : "; ")
          .append(address.getHostAddress())
          .append(": ")
          .append(reason(address));
    }
    ConnectException thrown =
        new ConnectException(
            reason(addresses.getFirst())
                + ("; none of the " + addresses.size() + " addresses of ")
                + (destination.getHostString() + ":" + destination.getPort())
                + (" could be reached: " + each));
    addresses.forEach(address -> thrown.addSuppressed(failures.get(address)));
    return thrown;
  }

  private String reason(InetAddress address) {
    IOException why = failures.get(address);
    String said = why == null ? null : why.getMessage();
    return said == null ? String.valueOf(why) : said;
  }

  /** The connect to one address. */
  private final class Attempt implements Runnable {
    private final InetSocketAddress remote;
    private final StreamPort port;
    private final Readiness place;

    Attempt(InetAddress address, StreamPort port) {
      this.remote = new InetSocketAddress(address, destination.getPort());
      this.port = port;
      this.place = port.newReadiness();
    }

    @Override
    public void run() {
      IOException failure = awaitEnd();
      leave(this);
      if (failure != null || !wins(this)) {
        discard();
      }
      if (failure != null) {
        failed(remote.getAddress(), failure);
      }
      call.wake();
    }

    /** Waits until it is connected or the race is over (null), or until it has failed. */
    private @Nullable IOException awaitEnd() {
      try {
        while (!isOver() && !port.finishConnect()) {
          place.await(Readiness.CONNECT, Readiness.FOREVER);
        }
        return null;
      } catch (IOException e) {
        return e;
      } catch (RuntimeException | Error e) {
        // Whatever it is, the caller must hear of it.
        return new IOException(e.toString(), e);
      }
    }

    /** Gives the descriptor back. */
    void discard() {
      Endpoint.close(port);
      release();
    }

    /** Gives back what it slept in; nobody sleeps there now. */
    void release() {
      try {
        place.close();
      } catch (IOException ignored) {
        // Nobody is left who could do something about it.
      }
    }
  }
}
