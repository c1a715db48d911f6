package dev.cleanbreak;

import static dev.cleanbreak.Statement.DONE;
import static dev.cleanbreak.Statement.act;
import static dev.cleanbreak.Statement.boundServer;
import static dev.cleanbreak.Statement.closedServer;
import static dev.cleanbreak.Statement.onBoth;
import static dev.cleanbreak.Statement.says;
import static dev.cleanbreak.Statement.unboundServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link ServerSocket} and {@link ServerSocketFactory}, method by method. */
@Timeout(30)
class JdkParityServerSocketTest {
  private static final String CLOSED = "throws SocketException: Socket is closed";
  private static final String ILLEGAL = "throws IllegalArgumentException";
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress FREE = new InetSocketAddress(LOOPBACK, 0);

  /** An address that no socket knows. */
  private static final class Elsewhere extends SocketAddress {
    private static final long serialVersionUID = 1;
  }

  static Stream<Arguments> constructors() {
    return onBoth(
        says("port -1", ILLEGAL, k -> k.server(-1)),
        says("port 65536", ILLEGAL, k -> k.server(65_536, 1, LOOPBACK)),
        says(
            "backlog -1",
            true,
            k -> {
              try (ServerSocket server = k.server(0, -1, LOOPBACK)) {
                return server.isBound();
              }
            }),
        says(
            "no address is every address",
            "0.0.0.0/0.0.0.0",
            k -> {
              try (ServerSocket server = k.server(0, 0, null)) {
                return server.getInetAddress();
              }
            }),
        says(
            "a port that is taken",
            "throws BindException: Address already in use",
            k -> {
              try (ServerSocket first = k.server(0, 0, LOOPBACK)) {
                return k.server(first.getLocalPort(), 0, LOOPBACK);
              }
            }),
        says("factory, unbound", false, k -> k.servers().createServerSocket().isBound()),
        says("factory, port -1", ILLEGAL, k -> k.servers().createServerSocket(-1)),
        says(
            "factory in three forms",
            "true true true",
            k -> {
              ServerSocketFactory factory = k.servers();
              try (ServerSocket a = factory.createServerSocket(0);
                  ServerSocket b = factory.createServerSocket(0, 1);
                  ServerSocket c = factory.createServerSocket(0, 1, LOOPBACK)) {
                return a.isBound() + " " + b.isBound() + " " + c.getInetAddress().equals(LOOPBACK);
              }
            }));
  }

  static Stream<Arguments> binding() {
    return onBoth(
        says(
            "bind(null) takes a free port",
            true,
            unboundServer(s -> {
              s.bind(null);
              return s.isBound() && s.getLocalPort() > 0;
            })),
        says(
            "bind with a backlog",
            true,
            unboundServer(s -> {
              s.bind(FREE, 1);
              return s.getInetAddress().equals(LOOPBACK);
            })),
        says(
            "bind twice",
            "throws SocketException: Already bound",
            boundServer(act(s -> s.bind(FREE)))),
        says("bind closed", CLOSED, closedServer(act(s -> s.bind(FREE)))),
        says("bind elsewhere", ILLEGAL, unboundServer(act(s -> s.bind(new Elsewhere())))),
        says(
            "bind unresolved",
            "throws SocketException: Unresolved address",
            unboundServer(act(s -> s.bind(InetSocketAddress.createUnresolved("a.invalid", 1))))),
        says(
            "bind to an address of somebody else",
            "throws BindException",
            unboundServer(act(s -> s.bind(new InetSocketAddress("192.0.2.1", 0))))),
        says(
            "a failed bind leaves it unbound and open",
            "false false",
            unboundServer(s -> {
              try {
                s.bind(new InetSocketAddress("192.0.2.1", 0));
              } catch (IOException expected) {
                return s.isBound() + " " + s.isClosed();
              }
              return "bound";
            })),
        says(
            "two listeners on one port with SO_REUSEPORT",
            true,
            k -> {
              try (ServerSocket first = k.server();
                  ServerSocket second = k.server()) {
                first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                second.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                first.bind(FREE);
                second.bind(first.getLocalSocketAddress());
                return first.getLocalPort() == second.getLocalPort();
              }
            }),
        says(
            "a port is free again after close, with a connection still there",
            true,
            k -> {
              SocketAddress where;
              Socket client;
              Socket accepted;
              try (ServerSocket first = k.server(0, 1, LOOPBACK)) {
                where = first.getLocalSocketAddress();
                client = new Socket(LOOPBACK, first.getLocalPort());
                accepted = first.accept();
              }
              try (client;
                  accepted;
                  ServerSocket second = k.server()) {
                second.bind(where);
                return second.isBound();
              }
            }));
  }

  static Stream<Arguments> addresses() {
    return onBoth(
        says("getInetAddress, unbound", null, unboundServer(ServerSocket::getInetAddress)),
        says("getLocalPort, unbound", -1, unboundServer(ServerSocket::getLocalPort)),
        says(
            "getLocalSocketAddress, unbound",
            null,
            unboundServer(ServerSocket::getLocalSocketAddress)),
        says("getChannel", null, boundServer(ServerSocket::getChannel)),
        says("getInetAddress", "0.0.0.0/0.0.0.0", boundServer(ServerSocket::getInetAddress)),
        says(
            "getLocalSocketAddress",
            true,
            boundServer(
                s -> s.getLocalSocketAddress().equals(new InetSocketAddress(s.getLocalPort())))),
        says("getInetAddress, closed", "0.0.0.0/0.0.0.0", closedServer(s -> s.getInetAddress())),
        says(
            "getLocalPort, closed, is that of before",
            true,
            boundServer(s -> {
              int port = s.getLocalPort();
              s.close();
              return s.getLocalPort() == port;
            })),
        says("isBound, closed", true, closedServer(ServerSocket::isBound)),
        says("isClosed", "false", boundServer(ServerSocket::isClosed)),
        says("isClosed, closed", "true", closedServer(ServerSocket::isClosed)),
        says("toString, unbound", "ServerSocket[unbound]", unboundServer(ServerSocket::toString)),
        says(
            "toString",
            true,
            boundServer(s ->
                s.toString()
                    .equals(
                        "ServerSocket[addr=0.0.0.0/0.0.0.0,localport=" + s.getLocalPort() + "]"))),
        says(
            "equals and hashCode are those of the object",
            true,
            boundServer(s -> s.equals(s) && s.hashCode() == System.identityHashCode(s))),
        says(
            "IPv6 only where it is named",
            "/[0:0:0:0:0:0:0:1]",
            k -> {
              try (ServerSocket server = k.server(0, 1, InetAddress.getByName("::1"))) {
                return server.getLocalSocketAddress().toString().replaceAll(":\\d+$", "");
              }
            }));
  }

  static Stream<Arguments> options() {
    return onBoth(
        says(
            "SO_REUSEADDR is as the system wants it",
            reuseOfTheJdk(),
            unboundServer(ServerSocket::getReuseAddress)),
        says(
            "SO_REUSEADDR cleared",
            false,
            unboundServer(s -> {
              s.setReuseAddress(false);
              return s.getReuseAddress();
            })),
        says("SO_TIMEOUT is 0", 0, unboundServer(ServerSocket::getSoTimeout)),
        says(
            "SO_TIMEOUT set",
            17,
            boundServer(s -> {
              s.setSoTimeout(17);
              return s.getSoTimeout();
            })),
        says("SO_TIMEOUT -1", ILLEGAL, boundServer(act(s -> s.setSoTimeout(-1)))),
        says("SO_TIMEOUT -1, closed", CLOSED, closedServer(act(s -> s.setSoTimeout(-1)))),
        says("SO_RCVBUF 0", ILLEGAL, unboundServer(act(s -> s.setReceiveBufferSize(0)))),
        says("SO_RCVBUF -1, closed", ILLEGAL, closedServer(act(s -> s.setReceiveBufferSize(-1)))),
        says(
            "SO_RCVBUF is inherited",
            true,
            k -> {
              try (ServerSocket server = k.server()) {
                server.setReceiveBufferSize(64 * 1024);
                server.bind(FREE);
                try (Socket client = new Socket(LOOPBACK, server.getLocalPort());
                    Socket accepted = server.accept()) {
                  return accepted.getReceiveBufferSize() == server.getReceiveBufferSize()
                      && client.isConnected();
                }
              }
            }),
        says(
            "performance preferences, closed",
            DONE,
            closedServer(act(s -> s.setPerformancePreferences(1, -2, 3)))),
        says(
            "supportedOptions of a stillborn one",
            "[]",
            unboundServer(s -> {
              s.close();
              return s.supportedOptions();
            })),
        says(
            "supportedOptions cannot be changed",
            "throws UnsupportedOperationException",
            boundServer(act(s -> s.supportedOptions().clear()))),
        says(
            "setOption returns the socket",
            true,
            boundServer(s -> s.setOption(StandardSocketOptions.SO_RCVBUF, 10_000) == s)),
        says(
            "setOption(null)",
            "throws NullPointerException",
            boundServer(s -> s.setOption(null, 1))),
        says(
            "getOption(null)", "throws NullPointerException", closedServer(s -> s.getOption(null))),
        says(
            "setOption to null",
            ILLEGAL,
            boundServer(s -> s.setOption(StandardSocketOptions.SO_RCVBUF, null))),
        says(
            "an option of connections",
            "throws UnsupportedOperationException",
            boundServer(s -> s.setOption(StandardSocketOptions.TCP_NODELAY, true))),
        says(
            "getOption, closed",
            CLOSED,
            closedServer(s -> s.getOption(StandardSocketOptions.SO_RCVBUF))));
  }

  private static boolean reuseOfTheJdk() {
    try (ServerSocket server = new ServerSocket()) {
      return server.getReuseAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> ofAClosedServerSocket() {
    return onBoth(
        says("accept", CLOSED, closedServer(ServerSocket::accept)),
        says("close again", DONE, closedServer(act(ServerSocket::close))),
        says("getSoTimeout", CLOSED, closedServer(ServerSocket::getSoTimeout)),
        says("getReuseAddress", CLOSED, closedServer(ServerSocket::getReuseAddress)),
        says("setReuseAddress", CLOSED, closedServer(act(s -> s.setReuseAddress(true)))),
        says("getReceiveBufferSize", CLOSED, closedServer(ServerSocket::getReceiveBufferSize)),
        says("setReceiveBufferSize", CLOSED, closedServer(act(s -> s.setReceiveBufferSize(1)))));
  }

  static Stream<Arguments> accepting() {
    return onBoth(
        says(
            "accept, unbound",
            "throws SocketException: Socket is not bound yet",
            unboundServer(ServerSocket::accept)),
        says(
            "accept times out",
            "throws SocketTimeoutException: Accept timed out",
            boundServer(s -> {
              s.setSoTimeout(20);
              return s.accept();
            })),
        says(
            "accept after a timeout",
            true,
            boundServer(s -> {
              s.setSoTimeout(20);
              try {
                return s.accept();
              } catch (SocketTimeoutException expected) {
                try (Socket client = new Socket(LOOPBACK, s.getLocalPort());
                    Socket accepted = s.accept()) {
                  return accepted.getPort() == client.getLocalPort();
                }
              }
            })),
        says(
            "an accepted socket",
            "true true false 0 -1 false",
            boundServer(s -> {
              s.setSoTimeout(5000);
              try (Socket client = new Socket(LOOPBACK, s.getLocalPort());
                  Socket accepted = s.accept()) {
                return accepted.isBound()
                    + " "
                    + accepted.isConnected()
                    + " "
                    + accepted.isClosed()
                    + " "
                    + accepted.getSoTimeout()
                    + " "
                    + accepted.getSoLinger()
                    + " "
                    + (accepted.getTcpNoDelay() || client.getTcpNoDelay());
              }
            })),
        says(
            "an accepted socket outlives the listener",
            7,
            boundServer(s -> {
              try (Socket client = new Socket(LOOPBACK, s.getLocalPort());
                  Socket accepted = s.accept()) {
                s.close();
                accepted.getOutputStream().write(7);
                return client.getInputStream().read();
              }
            })),
        says(
            "close refuses those that were not accepted",
            "throws SocketException",
            boundServer(s -> {
              try (Socket client = new Socket(LOOPBACK, s.getLocalPort())) {
                s.close();
                return client.getInputStream().read();
              }
            })));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({
    "constructors",
    "binding",
    "addresses",
    "options",
    "ofAClosedServerSocket",
    "accepting"
  })
  void holds(Kind kind, Statement statement) {
    statement.holdsFor(kind);
  }
}
