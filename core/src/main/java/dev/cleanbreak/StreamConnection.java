package dev.cleanbreak;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that keeps the contract: what {@link CleanSocket} and the TLS layer stand on. It
 * connects and ends; between the two {@link StreamInput} reads and {@link StreamOutput} writes.
 */
final class StreamConnection extends Endpoint {
  private static final int RESET = 0;

  private final PortSetup setup = new PortSetup();
  final StreamInput input;
  final StreamOutput output;

  private volatile long closedAt;

  /** That of the TLS session over this connection, if there is one. */
  private volatile @Nullable Direction handshakeTurn;

  /** What a connect is about, for the message of its cut; empty for a socket that has no name. */
  private volatile String connecting = "";

  private volatile @Nullable SocketAddress local;
  private volatile @Nullable InetSocketAddress remote;

  StreamConnection(SocketSettings settings) {
    super(settings);
    input = new StreamInput(this);
    output = new StreamOutput(this);
  }

  /** An accepted connection. */
  StreamConnection(SocketSettings settings, StreamPort accepted) throws IOException {
    this(settings);
    adopt(accepted);
    remote = (InetSocketAddress) accepted.remoteAddress();
    local = accepted.localAddress();
  }

  @Override
  Port openPort(Transport transport) throws IOException {
    StreamPort opened = transport.openStream();
    try {
      setup.applyTo(opened);
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  StreamPort streamPort() throws IOException {
    return (StreamPort) port();
  }

  /** A further port, set up as this one is; the caller closes it, or gives it here. */
  StreamPort newStreamPort() throws IOException {
    return (StreamPort) openPort(settings().transport());
  }

  /** Puts a connected port in the place of this one's. The caller has the turn to connect. */
  void takeStreamPort(StreamPort connected) throws IOException {
    replacePort(outputTurn, connected);
    onPortInside(port -> {
      // What was asked for while the attempts ran was asked of the port before.
      setup.applyOptionsTo((StreamPort) port);
      return null;
    });
  }

  // ---- addresses and state

  @Override
  @Nullable SocketAddress localAddressOrNull() {
    return local;
  }

  @Override
  @Nullable InetSocketAddress remoteAddressOrNull() {
    return remote;
  }

  /**
   * What the message of a cut is to say besides, beginning with a semicolon; empty for nothing. By
   * the call that has the turn to connect.
   */
  void connecting(String what) {
    connecting = what;
  }

  boolean isConnected() {
    return remote != null;
  }

  void bind(@Nullable SocketAddress address) throws IOException {
    local =
        onPort(port -> {
          port.bind(address);
          setup.bound(address);
          return port.localAddress();
        });
  }

  @Override
  <T> void optionSet(SocketOption<T> option, T value) {
    if (!isConnected()) {
      setup.set(option, value);
    }
  }

  @Override
  String stateAfterCut() {
    String during = connecting;
    if (!during.isEmpty()) {
      return during;
    }
    if (output.isPoisoned()) {
      return "; the output is poisoned";
    }
    int pending = output.carried();
    return pending == 0 ? "" : "; " + pending + " bytes accepted earlier are still being sent";
  }

  // ---- seen from outside

  @Override
  SocketState.Kind kind() {
    return SocketState.Kind.STREAM;
  }

  @Override
  SocketState state(long id, List<CallState> calls) {
    return new SocketState(
        id,
        kind(),
        local,
        remote,
        isClosed(),
        input.isShut(),
        output.isShut(),
        output.poisonReason(),
        output.carried(),
        calls);
  }

  /** Those who wait for their turn to shake hands are calls of this connection, too. */
  void shakesHandsIn(Direction turn) {
    handshakeTurn = turn;
  }

  @Override
  void addCallsTo(Map<Call, CallState> found, long now) {
    super.addCallsTo(found, now);
    Direction handshake = handshakeTurn;
    if (handshake != null) {
      handshake.addCallsTo(found, now);
    }
  }

  // ---- urgent data

  boolean urgentInline() throws SocketException {
    try {
      return onPort(port -> ((StreamPort) port).urgentInline());
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    }
  }

  void urgentInline(boolean on) throws SocketException {
    try {
      onPort(port -> {
        ((StreamPort) port).urgentInline(on);
        setup.urgentInline(on);
        return null;
      });
    } catch (IOException e) {
      throw SocketExceptions.of(e);
    }
  }

  // ---- connect

  /**
   * Connects by way of {@code route}: lookups, the connections it opens and the talk with a proxy
   * are one call, with one limit. Closes if it fails, but not one that another call connects or has
   * connected.
   *
   * @param looksUpFirst as {@link Dial} has it
   */
  void connect(InetSocketAddress destination, ProxyRoute route, boolean looksUpFirst, long timeout)
      throws IOException {
    Call call = enter(outputTurn, Operation.CONNECT, () -> timeout);
    try {
      if (remote != null) {
        throw new SocketException("Already connected");
      }
      // Before there is a port: a lookup may take long, and the ports of a race are not this one's.
      show();
      connectInTurn(call, destination, route, looksUpFirst);
    } finally {
      end(outputTurn, call);
    }
  }

  /** A failure closes: TCP cannot take a connect back. */
  private void connectInTurn(
      Call call, InetSocketAddress destination, ProxyRoute route, boolean looksUpFirst)
      throws IOException {
    try {
      if (call.isCutAtEntry()) {
        throw cutShort(outputTurn, call, 0);
      }
      InetSocketAddress reached = route.open(new Dial(this, call, looksUpFirst), destination);
      StreamPort stream = streamPort();
      local = stream.localAddress();
      // Nobody is at the wildcard address: the transport has chosen whom to ask.
      InetAddress asked = reached.getAddress();
      remote =
          asked != null && asked.isAnyLocalAddress()
              ? (InetSocketAddress) stream.remoteAddress()
              : reached;
      giveBackSleeper(outputTurn);
    } catch (IOException | RuntimeException | Error e) {
      close(CutCause.here(CutKind.CLOSED, "connect failed: " + e.getMessage(), null));
      throw e;
    }
  }

  /**
   * A fresh port, set up as this one was, for the next connection that a connect opens. The old one
   * is reset: where a local port was asked for, the next connection needs it at once.
   */
  void renewStreamPort() throws IOException {
    resetAtClose();
    renewPort(outputTurn);
  }

  // ---- the end

  @Override
  void close(CutCause by) {
    if (!tryEnter()) {
      return;
    }
    try {
      closedAt = Ticks.now();
      super.close(by);
      // Whoever poisons stores that and then looks whether this is closed.
      resetIfPoisoned();
      if (resetsAtClose()) {
        // Also what a write that has not left yet would carry.
        output.drop();
      }
    } finally {
      leave();
    }
    output.wakeDrainer();
  }

  @Override
  void abandon() {
    if (!tryEnter()) {
      return;
    }
    try {
      closedAt = Ticks.now();
      super.abandon();
      resetIfPoisoned();
    } finally {
      leave();
    }
    output.wakeDrainer();
  }

  /** A clean end would tell the peer that it has everything. The caller is inside. */
  void resetIfPoisoned() {
    if (output.isPoisoned()) {
      resetAtClose();
    }
  }

  /** SO_LINGER of 0 asks for a reset, which drops what is owed as it drops what the kernel has. */
  private boolean resetsAtClose() {
    try {
      return hasPort() && port().getOption(StandardSocketOptions.SO_LINGER) == RESET;
    } catch (IOException ignored) {
      // The option cannot be read: deliver what is owed.
      return false;
    }
  }

  /** Ends the connection with a reset: what the kernel has not sent yet stays out of the peer. */
  void abort(CutCause by) {
    if (!tryEnter()) {
      return;
    }
    try {
      resetAtClose();
      close(by);
      // After the close: a writer that finds nothing owed any more sees that it is closed.
      output.drop();
    } finally {
      leave();
    }
    output.wakeDrainer();
  }

  /** When this was closed. */
  long closedAt() {
    return closedAt;
  }

  /** The close to come ends the connection with a reset. The caller is inside. */
  void resetAtClose() {
    try {
      onPortInside(port -> {
        port.setOption(StandardSocketOptions.SO_LINGER, RESET);
        return null;
      });
    } catch (IOException e) {
      Log.log(Level.DEBUG, "the connection ends without a reset", e);
    }
  }
}
