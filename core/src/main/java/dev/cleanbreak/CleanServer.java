package dev.cleanbreak;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server that can be shut down without breaking anything: each connection is served on a virtual
 * thread in a {@link CancelScope} of its own, and {@link #shutdown} says what became of each.
 *
 * <pre>{@code
 * CleanServer<CleanSocket> echo =
 *     CleanServer.on(new CleanServerSocket(7), ServerSettings.standard(), (socket, connection) -> {
 *       InputStream in = socket.getInputStream();
 *       for (int each; (each = connection.idle(in::read)) >= 0; ) {
 *         socket.getOutputStream().write(each);
 *       }
 *     });
 * echo.start();
 * ...
 * System.out.println(echo.shutdown(Duration.ofSeconds(10)));
 * }</pre>
 *
 * <p>A handler that returns ends its connection in order: its output is ended, and the client has
 * the {@linkplain ServerSettings#withLingerLimit linger limit} to take it. A handler that throws
 * ends it with a reset, so that no client takes half an answer for a whole one; what it threw is
 * logged, unless it is an {@link IOException}, of which the client is the usual cause.
 *
 * <p>The acceptor is a platform thread that keeps the JVM alive. It accepts in the scope in which
 * {@link #start} was called, and the scopes of the connections are inside that one. Where the
 * process is out of descriptors it pauses, says so in the log, and goes on once a connection has
 * ended, or after a while.
 *
 * <pre>
 *   NEW --start--&gt; RUNNING --shutdown--&gt; DRAINING --quiet, or the grace is over--&gt; CUTTING --&gt; ENDED
 *    |                                                                                        ^
 *    +---- shutdown --------------------------------------------------------------------------+
 *
 *   No-ops: a second shutdown waits for the first one's report.
 * </pre>
 *
 * <p>Thread-safe.
 *
 * @param <S> the sockets that it serves
 */
public final class CleanServer<S extends Socket> implements AutoCloseable {
  /** How long an accept waits for more of the backlog when the server shuts down. */
  private static final Duration BACKLOG_SEEN = Duration.ofMillis(1);

  /** What handlers get, after the grace, to come to their end when they are cut, or forced. */
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private enum Phase {
    NEW,
    RUNNING,
    DRAINING,
    CUTTING,
    ENDED
  }

  /** Serves one connection; called on a virtual thread of the connection's own. */
  @FunctionalInterface
  public interface Handler<S extends Socket> {
    /**
     * Serves {@code socket} until it returns; the server closes it then.
     *
     * @throws Exception resets the connection
     */
    void handle(S socket, ServedConnection connection) throws Exception;
  }

  /** The accept of a listener of whichever kind. */
  @FunctionalInterface
  private interface Accepting<S extends Socket> {
    S accept() throws IOException;
  }

  private final ServerSettings settings;
  private final CleanServerSocket listener;
  private final Accepting<S> accepting;
  private final Function<S, CleanSocket> beneath;
  private final Handler<S> handler;

  /** Guards what follows. */
  private final Object monitor = new Object();

  private final Set<ServedConnection> connections = new LinkedHashSet<>();
  private final List<ShutdownReport.End> ends = new ArrayList<>();
  private boolean listening;
  private long accepted;
  private int backlogLeft;
  private @Nullable ShutdownReport report;

  /** Written under the monitor. */
  private volatile Phase phase = Phase.NEW;

  private CleanServer(
      CleanServerSocket listener,
      Accepting<S> accepting,
      Function<S, CleanSocket> beneath,
      ServerSettings settings,
      Handler<S> handler) {
    this.listener = listener;
    this.accepting = accepting;
    this.beneath = beneath;
    this.settings = Objects.requireNonNull(settings, "settings");
    this.handler = Objects.requireNonNull(handler, "handler");
  }

  /** A server, not yet started, of plain connections. The listener is its own from now on. */
  public static CleanServer<CleanSocket> on(
      CleanServerSocket listener, ServerSettings settings, Handler<CleanSocket> handler) {
    return new CleanServer<>(listener, listener::accept, socket -> socket, settings, handler);
  }

  /**
   * A server, not yet started, of TLS connections. The listener is its own from now on. The
   * handshake comes with the handler's first read or write, on the connection's own thread.
   */
  public static CleanServer<CleanSslSocket> on(
      CleanSslServerSocket listener, ServerSettings settings, Handler<CleanSslSocket> handler) {
    return new CleanServer<>(
        listener.beneath, listener::accept, socket -> socket.beneath, settings, handler);
  }

  /**
   * Starts to accept.
   *
   * @return this
   * @throws IllegalStateException if the server was started or shut down before, or if its listener
   *     is not bound
   */
  public CleanServer<S> start() {
    synchronized (monitor) {
      if (phase != Phase.NEW) {
        throw new IllegalStateException(
            this + (phase == Phase.ENDED ? " was shut down" : " was started before"));
      }
      if (!listener.isBound()) {
        throw new IllegalStateException("the listener of " + this + " is not bound; bind it first");
      }
      ScopeNode scope = ScopeNode.current();
      Thread acceptor =
          Thread.ofPlatform()
              .name(settings.name() + "-acceptor")
              .inheritInheritableThreadLocals(false)
              .daemon(false)
              .unstarted(() -> ScopedValue.where(ScopeNode.CURRENT, scope).run(this::accept));
      acceptor.start();
      phase = Phase.RUNNING;
      listening = true;
    }
    return this;
  }

  /** Where the server listens; null before its listener is bound. */
  public @Nullable SocketAddress localAddress() {
    return listener.getLocalSocketAddress();
  }

  /** How many connections are open now. */
  public int connections() {
    synchronized (monitor) {
      return connections.size();
    }
  }

  /** Whether {@link #shutdown} was called. */
  public boolean isShuttingDown() {
    return phase.compareTo(Phase.DRAINING) >= 0;
  }

  /** Whether the grace of a shutdown is over. */
  boolean isCutting() {
    return phase.compareTo(Phase.CUTTING) >= 0;
  }

  // ---- accepting, on the acceptor's thread

  private void accept() {
    try {
      while (awaitRoom()) {
        S socket = next();
        if (socket == null) {
          break;
        }
        serve(socket);
      }
    } finally {
      listener.close();
      synchronized (monitor) {
        listening = false;
        monitor.notifyAll();
      }
    }
  }

  /** Whether one more is to be accepted; waits for room. */
  private boolean awaitRoom() {
    synchronized (monitor) {
      while (!isCutting() && isFull() && !settings.refuses()) {
        pause(Ticks.NEVER);
      }
      return phase == Phase.RUNNING || (phase == Phase.DRAINING && backlogLeft-- > 0);
    }
  }

  private boolean isFull() {
    return connections.size() >= settings.maxConnections();
  }

  /** The next connection; null if there will be none any more. */
  private @Nullable S next() {
    long pause = 0;
    while (true) {
      try {
        S socket = accepting.accept();
        if (pause > 0) {
          Log.log(Level.INFO, "{0} accepts again", this);
        }
        return socket;
      } catch (IOException e) {
        if (isLast(e)) {
          return null;
        }
        if (!(e instanceof CutException)) {
          if (pause == 0) {
            Log.log(
                Level.WARNING,
                "{0} cannot accept: {1}; {2} connections are open; it tries again",
                this,
                e.getMessage(),
                connections());
          }
          pause = Math.clamp(2 * pause, FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
          synchronized (monitor) {
            if (!isCutting()) {
              pause(pause);
            }
          }
        }
      }
    }
  }

  /** Whether an accept that failed so was the last one. */
  private boolean isLast(IOException failure) {
    if (failure instanceof CutException cut) {
      return switch (cut.cut().kind()) {
        // In a shutdown the backlog is empty; else the listener has a timeout of its own.
        case TIMEOUT -> isShuttingDown();
        case INTERRUPTED -> {
          Thread.interrupted();
          Log.log(Level.DEBUG, "an interrupt of the acceptor is not heard: {0}", failure);
          yield false;
        }
        default -> {
          if (!isShuttingDown()) {
            Log.log(Level.WARNING, "{0} accepts no more: {1}", this, failure.getMessage());
          }
          yield true;
        }
      };
    }
    return listener.isClosed();
  }

  /** Waits for a change, for {@code nanos} at most. The caller holds the monitor. */
  private void pause(long nanos) {
    assert Thread.holdsLock(monitor);
    try {
      TimeUnit.NANOSECONDS.timedWait(monitor, nanos);
    } catch (InterruptedException e) {
      // Only a shutdown ends the acceptor.
      Log.log(Level.DEBUG, "an interrupt of the acceptor is not heard", e);
    }
  }

  private void serve(S socket) {
    CleanSocket plain = beneath.apply(socket);
    String name = settings.name() + "-" + ++accepted;
    CancelScope scope = CancelScope.open(name);
    ServedConnection connection = new ServedConnection(this, name, plain, scope);
    if (!admit(connection)) {
      scope.close();
      plain.abort();
      return;
    }
    try {
      limit(scope, plain);
      Thread thread =
          Thread.ofVirtual()
              .name(name)
              .inheritInheritableThreadLocals(false)
              .unstarted(() -> serve(socket, connection));
      connection.runsOn(thread);
      thread.start();
    } catch (IOException | RuntimeException | Error e) {
      Log.log(Level.WARNING, name + " could not be served", e);
      scope.close();
      plain.abort();
      ended(connection);
    }
  }

  private boolean admit(ServedConnection connection) {
    synchronized (monitor) {
      return !isCutting() && !isFull() && connections.add(connection);
    }
  }

  private void limit(CancelScope scope, CleanSocket plain) throws SocketException {
    if (settings.connectionLimit() != Ticks.NEVER) {
      scope.setDeadline(Deadline.after(Duration.ofNanos(settings.connectionLimit())));
    }
    if (settings.idleLimit() != Ticks.NEVER) {
      Duration idle = Duration.ofNanos(settings.idleLimit());
      plain.setReadTimeout(idle);
      plain.setWriteTimeout(idle);
    }
  }

  // ---- serving, on the connection's own thread

  private void serve(S socket, ServedConnection connection) {
    boolean inOrder = false;
    try {
      connection.scope().run(() -> handler.handle(socket, connection));
      inOrder = true;
    } catch (IOException e) {
      inOrder = connection.endsIdle(e);
      Log.log(Level.DEBUG, connection.name() + " ended", e);
    } catch (Throwable e) {
      Log.log(Level.WARNING, connection.name() + ": the handler failed", e);
    }
    try {
      if (inOrder && connection.lingers() && !connection.isSettled()) {
        connection.linger(settings.lingerLimit(), () -> endOutput(socket));
      }
      if (!inOrder) {
        connection.socket().abort();
      }
    } finally {
      close(socket);
      ended(connection);
    }
  }

  private static void endOutput(Socket socket) throws IOException {
    if (!socket.isClosed() && !socket.isOutputShutdown()) {
      socket.shutdownOutput();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      Log.log(Level.DEBUG, "close failed", e);
    }
  }

  private void ended(ServedConnection connection) {
    synchronized (monitor) {
      connections.remove(connection);
      if (isShuttingDown() && report == null) {
        ends.add(connection.end());
      }
      monitor.notifyAll();
    }
  }

  // ---- the shutdown

  /**
   * Stops accepting, waits for the handlers, cuts those that go on, and reports.
   *
   * <ol>
   *   <li>What the backlog holds is still accepted, and then the listener is closed. A handler that
   *       waits in {@link ServedConnection#idle} is told at once.
   *   <li>The others have {@code grace} to come to their ends.
   *   <li>Then their scopes are cut, kind {@link CutKind#SHUTDOWN}. After a second their sockets
   *       are reset, shielded or not, and their threads interrupted. Whoever goes on for another
   *       second is reported as stuck, with the stack.
   * </ol>
   *
   * <p>Idempotent, from any thread: a later call waits for the first one's report, whatever its own
   * grace. Called by a handler it does not wait for that handler. An interrupt of the calling
   * thread ends the grace at once; its status stays set.
   *
   * @param grace zero cuts at once
   * @return what became of each connection; the same object for every caller
   * @throws IllegalArgumentException if {@code grace} is negative or longer than 100 years
   */
  public ShutdownReport shutdown(Duration grace) {
    long limit = Ticks.nanos("grace", grace);
    long began = Ticks.now();
    boolean started;
    synchronized (monitor) {
      for (ServedConnection each : connections) {
        if (each.isServedBy(Thread.currentThread())) {
          each.callsShutdown();
          monitor.notifyAll();
        }
      }
      if (isShuttingDown()) {
        return awaitReport();
      }
      started = phase == Phase.RUNNING;
      backlogLeft = listener.backlog();
      phase = Phase.DRAINING;
    }
    boolean interrupted = started && drain(Ticks.after(began, limit));
    if (started) {
      interrupted |= cut(grace);
    } else {
      listener.close();
    }
    ShutdownReport made = finish(grace, began);
    Log.log(made.isClean() ? Level.INFO : Level.WARNING, "{0}", made);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return made;
  }

  /** Waits until all have ended, or {@code until}; returns whether it was interrupted. */
  private boolean drain(long until) {
    try {
      // Wakes the accept that waits, too.
      listener.setAcceptTimeout(BACKLOG_SEEN);
    } catch (SocketException e) {
      Log.log(Level.DEBUG, "the listener was closed before", e);
    }
    each(ServedConnection::tellIdle);
    return awaitQuiet(until);
  }

  /** The grace is over; returns whether this was interrupted. */
  private boolean cut(Duration grace) {
    synchronized (monitor) {
      phase = Phase.CUTTING;
      monitor.notifyAll();
    }
    listener.close();
    String reason = "the server shuts down; its grace of " + grace + " is over";
    each(connection -> connection.cut(reason));
    boolean interrupted = awaitQuiet(Ticks.after(Ticks.now(), LAST_NANOS));
    each(connection -> connection.force(reason));
    interrupted |= awaitQuiet(Ticks.after(Ticks.now(), LAST_NANOS));
    return interrupted;
  }

  private void each(Consumer<ServedConnection> action) {
    open().stream().filter(ServedConnection::isAwaited).forEach(action);
  }

  private List<ServedConnection> open() {
    synchronized (monitor) {
      return List.copyOf(connections);
    }
  }

  private boolean awaitQuiet(long until) {
    synchronized (monitor) {
      while (listening || connections.stream().anyMatch(ServedConnection::isAwaited)) {
        long left = until - Ticks.now();
        if (left <= 0) {
          break;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(monitor, left);
        } catch (InterruptedException e) {
          return true;
        }
      }
      return false;
    }
  }

  private ShutdownReport finish(Duration grace, long began) {
    synchronized (monitor) {
      for (ServedConnection each : connections) {
        ends.add(each.unfinished());
      }
      Duration took = Duration.ofNanos(Ticks.now() - began);
      ShutdownReport made = new ShutdownReport(settings.name(), grace, took, ends);
      report = made;
      phase = Phase.ENDED;
      monitor.notifyAll();
      return made;
    }
  }

  private ShutdownReport awaitReport() {
    assert Thread.holdsLock(monitor);
    boolean interrupted = false;
    ShutdownReport made;
    while ((made = report) == null) {
      try {
        monitor.wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return made;
  }

  /** Shuts down without a grace. */
  @Override
  public void close() {
    shutdown(Duration.ZERO);
  }

  @Override
  public String toString() {
    return "server \"" + settings.name() + "\"";
  }
}
