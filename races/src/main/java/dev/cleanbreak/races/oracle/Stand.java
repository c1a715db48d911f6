package dev.cleanbreak.races.oracle;

import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;

/** What all cells of a run stand on. */
final class Stand implements AutoCloseable {
  /** The carry of the sockets under test: the default, which the lengths are chosen around. */
  static final int CARRY = 128 * 1024;

  /** Held, or the level set here would be forgotten with it. */
  private static final Logger LIBRARY = Logger.getLogger("dev.cleanbreak");

  private final FaultTransport transport;
  private final ServerSocket listener;
  private final SSLContext tlsContext;
  private final Map<Integer, Socket> accepted = new HashMap<>();

  Stand(Breakage breakage) throws IOException {
    // Sockets that are reset because the peer never took what they owe: that is what is tried.
    LIBRARY.setLevel(Level.SEVERE);
    transport = new FaultTransport(SocketSettings.standard().transport(), breakage);
    listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    tlsContext = TlsKeys.make().newContext();
  }

  FaultTransport transport() {
    return transport;
  }

  SocketAddress address() {
    return listener.getLocalSocketAddress();
  }

  /** The other end of the connection from {@code port}, which has been made already. */
  Socket accept(int port) throws IOException {
    // Connections come out in the order in which they were made, not in that of their accepts.
    synchronized (accepted) {
      for (; ; ) {
        Socket mine = accepted.remove(port);
        if (mine != null) {
          return mine;
        }
        Socket next = listener.accept();
        accepted.put(next.getPort(), next);
      }
    }
  }

  SSLContext tlsContext() {
    return tlsContext;
  }

  SocketSettings settings(Mode mode) {
    return SocketSettings.standard()
        .withTransport(transport)
        .withCarryLimit(CARRY)
        .withCarryAlways(mode == Mode.CARRY_ALWAYS);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
