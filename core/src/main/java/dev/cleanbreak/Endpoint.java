package dev.cleanbreak;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What every socket has beneath it: a port, its lifetime, and the skeleton of a blocking call.
 *
 * <pre>
 *   Call call = begin(direction, READ, timeout);  // closed? my turn? scope? interrupt?
 *   try {
 *     for (;;) {
 *       ... one system call that never blocks; return when it moved something
 *       if (!waitFor(direction, call, READ)) throw cutShort(direction, call, 0);
 *     }
 *   } finally {
 *     end(direction, call);                       // the last one out of a closed one frees it
 *   }
 * </pre>
 *
 * <p>No system call is in flight when a cut lands, so there is nothing that it could lose.
 *
 * <p>Close stores its cause and then looks for calls; a call takes its turn and then looks at the
 * cause, so it is either refused at {@link Lifetime#enter} or sees the close before it sleeps.
 */
abstract class Endpoint {
  private static final long MOST_FREEING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SocketSettings settings;
  private final Lifetime lifetime = new Lifetime();
  private final AtomicReference<@Nullable CutCause> closeCause = new AtomicReference<>();
  private final Object portLock = new Object();
  private volatile @Nullable Port port;

  /**
   * Where this is listed, from its port or its connect on. Written under {@link #portLock} by one
   * who is inside; so the one that frees the port, after the last one inside, reads it.
   */
  private OpenEndpoints.@Nullable Entry shown;

  /** Guarded by {@link #portLock}. */
  private boolean freed;

  final Direction inputTurn = new Direction();
  final Direction outputTurn = new Direction(inputTurn);

  Endpoint(SocketSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  final SocketSettings settings() {
    return settings;
  }

  abstract @Nullable SocketAddress localAddressOrNull();

  abstract @Nullable SocketAddress remoteAddressOrNull();

  /** What a message about a cut adds on the state of the socket; may be empty. */
  String stateAfterCut() {
    return "";
  }

  // ---- the port

  abstract Port openPort(Transport transport) throws IOException;

  /** The port, opened at first use. The caller is inside, or frees it itself. */
  final Port port() throws IOException {
    Port open = port;
    if (open == null) {
      synchronized (portLock) {
        open = port;
        if (open == null) {
          open = openPort(settings.transport());
          port = open;
          show();
        }
      }
    }
    return open;
  }

  final boolean hasPort() {
    return port != null;
  }

  /** Takes over a port that was made elsewhere. */
  final void adopt(Port made) {
    port = made;
    show();
  }

  /** Lists this for those who look from outside. The caller is inside, or has just made it. */
  final void show() {
    synchronized (portLock) {
      if (shown == null) {
        shown = OpenEndpoints.add(this);
      }
    }
  }

  /** A short piece of work on a port, which never waits. */
  @FunctionalInterface
  interface PortWork<T extends @Nullable Object> {
    T on(Port port) throws IOException;
  }

  /** Does a short piece of work; no other port takes the place of this one meanwhile. */
  final <T extends @Nullable Object> T onPort(PortWork<T> work) throws IOException {
    enter();
    try {
      return onPortInside(work);
    } finally {
      leave();
    }
  }

  /** As {@link #onPort} for a caller that is inside. */
  final <T extends @Nullable Object> T onPortInside(PortWork<T> work) throws IOException {
    synchronized (portLock) {
      return work.on(port());
    }
  }

  /**
   * Puts a new port in the place of one that can no longer be connected. The caller holds the turn
   * of {@code waiting}, and nobody waits in the other direction.
   */
  final void renewPort(Direction waiting) throws IOException {
    synchronized (portLock) {
      dropPort(waiting);
      port();
    }
  }

  /** As {@link #renewPort}, with a port that was made elsewhere. */
  final void replacePort(Direction waiting, Port made) {
    synchronized (portLock) {
      dropPort(waiting);
      port = made;
    }
  }

  private void dropPort(Direction waiting) {
    Port old = port;
    port = null;
    if (old != null) {
      close(old);
    }
    giveBackSleeper(waiting);
  }

  final <T> void setOption(SocketOption<T> option, T value) throws IOException {
    onPort(port -> {
      port.setOption(option, value);
      optionSet(option, value);
      return null;
    });
  }

  /** An option was set; the port stays in its place until this returns. */
  <T> void optionSet(SocketOption<T> option, T value) {}

  final <T> T getOption(SocketOption<T> option) throws IOException {
    return onPort(port -> port.getOption(option));
  }

  /** As {@link #setOption}, for the setters that declare only SocketException. */
  final <T> void set(SocketOption<T> option, T value) throws SocketException {
    try {
      setOption(option, value);
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    }
  }

  /** As {@link #getOption}, for the getters that declare only SocketException. */
  final <T> T get(SocketOption<T> option) throws SocketException {
    try {
      return getOption(option);
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    }
  }

  /** What the port supports, also after close. Empty if there is none and none can be opened. */
  final Set<SocketOption<?>> supportedOptions() {
    Port open = port;
    if (open == null && tryEnter()) {
      try {
        open = port();
      } catch (IOException ignored) {
        // As the JDK has it: nothing is known to be supported.
      } finally {
        leave();
      }
    }
    return open == null ? Set.of() : open.supportedOptions();
  }

  // ---- one blocking call

  /**
   * Counts a call in, takes its turn, and looks once at everything that can cut it.
   *
   * @param timeout the call's own, in nanoseconds
   */
  final Call begin(Direction direction, Operation operation, LongSupplier timeout)
      throws IOException {
    Call call = enter(direction, operation, timeout);
    if (call.isCutAtEntry()) {
      IOException thrown = cutShort(direction, call, 0);
      end(direction, call);
      throw thrown;
    }
    return call;
  }

  /** As {@link #begin}, without a look at the scope and the interrupt status. */
  final Call enter(Direction direction, Operation operation, LongSupplier timeout)
      throws IOException {
    requireEntry();
    Call call = direction.newCall(this, operation, timeout.getAsLong());
    takeTurn(direction, call, timeout);
    return call;
  }

  /** Counts a call in that has no turn yet. */
  final Call enter(Operation operation, LongSupplier timeout) throws IOException {
    requireEntry();
    return new Call(this, operation, timeout.getAsLong());
  }

  private void requireEntry() throws SocketException {
    if (!lifetime.enter()) {
      throw closed();
    }
  }

  /** Takes the turn for a call that is counted in; counts it out if it is cut instead. */
  final void takeTurn(Direction direction, Call call, LongSupplier timeout) throws IOException {
    if (!direction.acquire(call, timeout)) {
      IOException thrown = cutShort(direction, call, 0);
      exit(call);
      throw thrown;
    }
  }

  /**
   * Sleeps until a try is worth it; false if the call was cut. Bytes that others have moved are
   * progress of the call. A write whose time is up does not try again: a kernel takes a few bytes
   * more of whoever tries without having been told of room, and each time that would be progress.
   */
  final boolean waitFor(Direction direction, Call call, int interest) throws IOException {
    call.progressed(direction.movedAt());
    boolean goesOn = call.await(direction.readiness(port()), interest);
    call.progressed(direction.movedAt());
    return goesOn && !(interest == Readiness.WRITE && call.isLate());
  }

  /** The exception of a cut call; a hard one for a caller that retries without end. */
  final IOException cutShort(Direction direction, Call call, long bytesMoved) {
    if (call.hasWaited()) {
      direction.resetSpin();
    } else {
      int more = direction.countEntryCut() - Direction.SPIN_LIMIT;
      if (more > 0) {
        return call.spinException(Direction.SPIN_LIMIT, more == 1);
      }
    }
    return call.exception(bytesMoved);
  }

  final void end(Direction direction, Call call) {
    direction.release(call);
    exit(call);
    direction.keep(call);
  }

  /**
   * As {@link #end}, for a call that has given its turn back. The last thing that a call does: if
   * it was cut, code of others may be told and run here.
   */
  final void exit(Call call) {
    call.end();
    leave();
    call.report();
  }

  // ---- seen from outside

  abstract SocketState.Kind kind();

  /** What can be seen of this. Takes no lock and makes no system call. */
  final SocketState state(long id, long now) {
    Map<Call, CallState> found = new LinkedHashMap<>();
    addCallsTo(found, now);
    return state(id, List.copyOf(found.values()));
  }

  void addCallsTo(Map<Call, CallState> found, long now) {
    inputTurn.addCallsTo(found, now);
    outputTurn.addCallsTo(found, now);
  }

  SocketState state(long id, List<CallState> calls) {
    return new SocketState(
        id,
        kind(),
        localAddressOrNull(),
        remoteAddressOrNull(),
        isClosed(),
        false,
        false,
        null,
        0,
        calls);
  }

  // ---- lifetime

  /** Counts in a short operation that never waits, such as an option. */
  final void enter() throws SocketException {
    if (!lifetime.enter()) {
      throw socketIsClosed();
    }
  }

  /** As {@link #enter()}; false if closed. */
  final boolean tryEnter() {
    return lifetime.enter();
  }

  /** Counts in a second holder of the port, on behalf of one that is inside. */
  final void enterAgain() {
    lifetime.enterAgain();
  }

  final void leave() {
    if (lifetime.leave()) {
      free();
    }
  }

  final boolean isClosed() {
    return lifetime.isClosed();
  }

  final @Nullable CutCause closeCause() {
    return closeCause.get();
  }

  /** Closes from any thread: marks, cuts those inside; the last one out frees the port. */
  void close(CutCause by) {
    // A second closer goes on: when a close returns the endpoint is closed, whoever was first.
    closeCause.compareAndSet(null, by);
    boolean empty = lifetime.close();
    inputTurn.wakeAll();
    outputTurn.wakeAll();
    if (empty) {
      free();
    }
  }

  /**
   * Closes what nobody can call any more. The last call may still be inside, because a socket can
   * be taken for unreachable while its last call runs: that one is not cut, it frees the port.
   */
  void abandon() {
    if (lifetime.close()) {
      free();
    }
  }

  /** Nobody is inside and nobody will enter. */
  private void free() {
    Port open = port;
    if (open != null) {
      close(open);
      giveBackSleeper(inputTurn);
      giveBackSleeper(outputTurn);
    }
    if (shown != null) {
      OpenEndpoints.remove(shown);
    }
    synchronized (portLock) {
      freed = true;
      portLock.notifyAll();
    }
  }

  /**
   * After a close by one who is not inside: returns once the last one out has freed the port. Those
   * inside have been cut and are on their way; one that gets no processor is not waited for long.
   * Whoever closes a listener may want to listen on its port again at once.
   */
  final void awaitFree() {
    long until = Ticks.after(Ticks.now(), MOST_FREEING_NANOS);
    boolean interrupted = false;
    synchronized (portLock) {
      for (long left; !freed && (left = until - Ticks.now()) > 0; ) {
        try {
          TimeUnit.NANOSECONDS.timedWait(portLock, left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes a port that nobody uses any more. */
  static void close(Port unused) {
    try {
      unused.close();
    } catch (IOException ignored) {
      // The descriptor is gone all the same, and nobody is left who could do something about it.
    }
  }

  /** Frees what the direction sleeps in; its next wait opens another. Nobody waits there now. */
  static void giveBackSleeper(Direction direction) {
    try {
      direction.close();
    } catch (IOException ignored) {
      // As above.
    }
  }

  /** For a blocking call on a closed socket: the JDK's words, and who closed it. */
  final SocketException closed() {
    return because(new SocketException("Socket closed"));
  }

  /** For everything else on a closed socket. */
  final SocketException socketIsClosed() {
    return because(new SocketException("Socket is closed"));
  }

  private SocketException because(SocketException exception) {
    CutCause by = closeCause.get();
    if (by != null && by.origin() != null) {
      exception.initCause(by.origin());
    }
    return exception;
  }
}
