package dev.cleanbreak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a {@link CleanServer}, as its handler sees it.
 *
 * <p>Thread-safe, though {@link #idle} is meant for one thread at a time.
 */
public final class ServedConnection {
  private final CleanServer<?> server;
  private final String name;
  private final CleanSocket socket;
  private final CancelScope scope;
  private final long began = Ticks.now();

  /** Set before the thread starts. */
  private @Nullable Thread thread;

  /** The scope of what the handler does while it waits for work. */
  private volatile @Nullable CancelScope waiting;

  /** What told the handler of the shutdown, in {@link #idle}. */
  private volatile @Nullable Throwable told;

  /** The handler ended with what told it. Of its own thread. */
  private boolean endedIdle;

  /** The handler has returned; the client may still take what it was sent. */
  private volatile boolean lingering;

  // Set by the shutdown.
  private volatile ShutdownReport.@Nullable How how;
  private volatile List<StackTraceElement> stack = List.of();

  /** The handler itself has called for the shutdown. */
  private volatile boolean callsShutdown;

  ServedConnection(CleanServer<?> server, String name, CleanSocket socket, CancelScope scope) {
    this.server = server;
    this.name = name;
    this.socket = socket;
    this.scope = scope;
  }

  /** The server's name and the number of this connection. */
  public String name() {
    return name;
  }

  /** Whether the server is shutting down: this connection should come to its end. */
  public boolean isShuttingDown() {
    return server.isShuttingDown();
  }

  /**
   * Does what the handler does between two pieces of work, usually the read that waits for the
   * first byte of the next request. A shutdown cuts it at once instead of at the end of the grace;
   * what it throws then need not be caught. Where the client's bytes are there already the handler
   * is not told: the request is served within the grace.
   *
   * <pre>{@code
   * for (int first; (first = connection.idle(in::read)) >= 0; ) {
   *   serve(first, in, out);
   * }
   * }</pre>
   *
   * @throws X what the body throws; a cut call throws {@link CancelledIOException}, kind {@link
   *     CutKind#SHUTDOWN}
   */
  public <T extends @Nullable Object, X extends Throwable> T idle(CancelScope.ResultBody<T, X> body)
      throws X {
    CancelScope between = CancelScope.open(name + ", idle");
    waiting = between;
    // The shutdown stores that it has begun and then looks for those who wait; this is the other
    // order, so one of the two sees the other.
    if (server.isShuttingDown()) {
      tellIdle();
    }
    try {
      return between.call(body);
    } catch (Throwable thrown) {
      if (thrown instanceof CutException cut && cut.cut().kind() == CutKind.SHUTDOWN) {
        told = thrown;
      }
      throw thrown;
    } finally {
      waiting = null;
    }
  }

  // ---- the server's side

  void runsOn(Thread own) {
    thread = own;
  }

  boolean isServedBy(Thread asked) {
    return thread == asked;
  }

  CancelScope scope() {
    return scope;
  }

  CleanSocket socket() {
    return socket;
  }

  /** The shutdown has begun: a handler that waits for work has none any more. */
  void tellIdle() {
    CancelScope between = waiting;
    if (between != null && !hasInput()) {
      between.cut(CutKind.SHUTDOWN, "the server shuts down");
    }
  }

  private boolean hasInput() {
    try {
      return socket.connection().input.available() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the handler, which threw {@code thrown}, has ended because it was told while idle. */
  @SuppressWarnings("ReferenceEquality") // it, and no other
  boolean endsIdle(Throwable thrown) {
    endedIdle = thrown == told;
    return endedIdle;
  }

  /** From now on only the client is waited for; false if the time for that is over. */
  boolean lingers() {
    lingering = true;
    return !server.isCutting();
  }

  /** Nothing comes any more and nothing is owed: the close itself ends the connection in order. */
  boolean isSettled() {
    StreamConnection connection = socket.connection();
    return connection.input.hasEnded() && connection.output.carried() == 0;
  }

  void callsShutdown() {
    callsShutdown = true;
  }

  /** Whether a shutdown waits for this connection. */
  boolean isAwaited() {
    return !callsShutdown;
  }

  /** The grace is over. */
  void cut(String reason) {
    if (lingering) {
      socket.close();
    } else {
      how = ShutdownReport.How.CUT;
      scope.cut(CutKind.SHUTDOWN, reason);
    }
  }

  /** The handler took no notice of the cut: it is in a shield, or not in a call of ours. */
  void force(String reason) {
    how = ShutdownReport.How.FORCED;
    Thread running = thread;
    if (running != null) {
      stack = List.of(running.getStackTrace());
    }
    socket.connection().abort(CutCause.here(CutKind.CLOSED, reason, null));
    if (running != null) {
      running.interrupt();
    }
  }

  ShutdownReport.End end() {
    ShutdownReport.How ended = how;
    // With a short grace the cut comes while those who were told are on their way.
    if (ended == null || (ended == ShutdownReport.How.CUT && endedIdle)) {
      ended = told != null ? ShutdownReport.How.IDLE : ShutdownReport.How.DRAINED;
    }
    return end(ended);
  }

  /** The end in the report of one that has not ended. */
  ShutdownReport.End unfinished() {
    Thread running = thread;
    if (running != null && isAwaited()) {
      stack = List.of(running.getStackTrace());
    }
    return end(isAwaited() ? ShutdownReport.How.STUCK : ShutdownReport.How.CALLER);
  }

  private ShutdownReport.End end(ShutdownReport.How ended) {
    return new ShutdownReport.End(
        name,
        socket.connection().remoteAddressOrNull(),
        ended,
        Duration.ofNanos(Ticks.now() - began),
        stack);
  }

  /**
   * Ends the output and reads what the client still sends away, so that it finds the end of what it
   * was sent and not a reset.
   *
   * @param ending ends the output of the handler's socket
   */
  void linger(Duration limit, CancelScope.Body<IOException> ending) {
    byte[] away = new byte[4096];
    try {
      CancelScope.shielded(limit)
          .run(() -> {
            ending.run();
            while (lingers() && socket.connection().input.read(ByteBuffer.wrap(away)) >= 0) {
              // Nobody wants it any more.
            }
          });
    } catch (IOException ignored) {
      // The client has gone, or took too long.
    }
  }
}
