package dev.cleanbreak.bench;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Cleanbreak with read and write timeouts; each scope has a deadline. */
record CleanEcho(String transport, Scopes scopes) implements EchoVariant {

  /** Which scopes the calls run in. */
  enum Scopes {
    NONE("Cleanbreak, read and write timeouts"),
    PER_ROUND_TRIP("Cleanbreak + a scope per round trip"),
    PER_CONNECTION("Cleanbreak + a scope per connection"),
    SHARED("Cleanbreak + one scope for all");

    final String title;

    Scopes(String title) {
      this.title = title;
    }
  }

  @Override
  public String name() {
    return name(transport, scopes);
  }

  static String name(String transport, Scopes scopes) {
    return scopes.title + " (" + transport + ")";
  }

  private SocketSettings settings() {
    return Transports.settings(transport).withReadTimeout(LIMIT).withWriteTimeout(LIMIT);
  }

  @Override
  public Variant open(EchoLoad load) throws IOException {
    // Left open for as long as the benchmark runs: it ends with its last user.
    CancelScope shared = CancelScope.within(LIMIT);
    return BlockingEcho.open(name(), load, bytes -> connect(bytes, shared));
  }

  private WirePair connect(int bytes, CancelScope shared) throws IOException {
    SocketSettings settings = settings();
    try (CleanServerSocket listener = new CleanServerSocket(settings)) {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      listener.bind(new InetSocketAddress(loopback, 0));
      CleanSocket client = new CleanSocket(settings);
      client.connect(new InetSocketAddress(loopback, listener.getLocalPort()));
      return new WirePair(wire(client, bytes, shared), wire(listener.accept(), bytes, shared));
    }
  }

  private Wire wire(Socket socket, int bytes, CancelScope shared) throws IOException {
    return switch (scopes) {
      case NONE -> new SocketWire(socket, bytes);
      case PER_ROUND_TRIP -> new ScopePerRoundTrip(socket, bytes);
      case PER_CONNECTION -> new ScopePerConnection(socket, bytes);
      case SHARED -> new SharedScope(socket, bytes, shared);
    };
  }

  private static final class ScopePerRoundTrip extends SocketWire {
    ScopePerRoundTrip(Socket socket, int bytes) throws IOException {
      super(socket, bytes);
    }

    @Override
    public void ping() throws IOException {
      CancelScope.within(LIMIT).run(super::ping);
    }

    @Override
    public boolean echo() throws IOException {
      return CancelScope.within(LIMIT).call(super::echo);
    }
  }

  private static final class ScopePerConnection extends SocketWire {
    ScopePerConnection(Socket socket, int bytes) throws IOException {
      super(socket, bytes);
    }

    @Override
    public Runnable around(Runnable loop) {
      return () -> CancelScope.within(LIMIT).run(loop::run);
    }
  }

  private static final class SharedScope extends SocketWire {
    private final CancelScope scope;

    SharedScope(Socket socket, int bytes, CancelScope scope) throws IOException {
      super(socket, bytes);
      this.scope = scope;
    }

    @Override
    public Runnable around(Runnable loop) {
      return scope.wrap(loop);
    }
  }
}
