package dev.cleanbreak;

import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A listener that keeps the contract: a cut accept leaves it open and drops no connection, because
 * the one call that takes a connection from the queue returns it.
 */
final class Listener extends Endpoint {
  private volatile @Nullable InetSocketAddress local;
  private volatile long acceptTimeout;

  Listener(SocketSettings settings) {
    super(settings);
    acceptTimeout = settings.acceptTimeout();
  }

  @Override
  SocketState.Kind kind() {
    return SocketState.Kind.LISTENER;
  }

  @Override
  Port openPort(Transport transport) throws IOException {
    return transport.openListener();
  }

  @Override
  @Nullable InetSocketAddress localAddressOrNull() {
    return local;
  }

  @Override
  @Nullable InetSocketAddress remoteAddressOrNull() {
    return null;
  }

  void bind(InetSocketAddress address, int backlog) throws IOException {
    enter();
    try {
      ListenerPort listener = (ListenerPort) port();
      listener.bind(address, backlog);
      local = (InetSocketAddress) listener.localAddress();
    } finally {
      leave();
    }
  }

  long acceptTimeout() {
    return acceptTimeout;
  }

  /** From the next accept on. */
  void nextAcceptTimeout(long nanos) {
    acceptTimeout = nanos;
  }

  /** For the accept that waits now, too. */
  synchronized void acceptTimeout(long nanos) {
    acceptTimeout = nanos;
    inputTurn.timeout(nanos, Operation::hasReadTimeout);
  }

  StreamConnection accept() throws IOException {
    Call call = begin(inputTurn, Operation.ACCEPT, this::acceptTimeout);
    try {
      ListenerPort listener = (ListenerPort) port();
      for (; ; ) {
        StreamPort accepted = listener.accept();
        if (accepted != null) {
          inputTurn.resetSpin();
          return new StreamConnection(settings(), accepted);
        }
        if (!waitFor(inputTurn, call, Readiness.ACCEPT)) {
          throw cutShort(inputTurn, call, 0);
        }
      }
    } finally {
      end(inputTurn, call);
    }
  }
}
