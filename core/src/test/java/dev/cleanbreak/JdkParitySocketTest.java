package dev.cleanbreak;

import static dev.cleanbreak.Statement.DONE;
import static dev.cleanbreak.Statement.act;
import static dev.cleanbreak.Statement.closed;
import static dev.cleanbreak.Statement.connected;
import static dev.cleanbreak.Statement.fresh;
import static dev.cleanbreak.Statement.linked;
import static dev.cleanbreak.Statement.onBoth;
import static dev.cleanbreak.Statement.says;
import static dev.cleanbreak.Statement.stillborn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Socket} and {@link SocketFactory}, method by method; the streams have their own test. */
@Timeout(30)
class JdkParitySocketTest {
  private static final String CLOSED = "throws SocketException: Socket is closed";
  private static final String NOT_CONNECTED = "throws SocketException: Socket is not connected";
  private static final String ILLEGAL = "throws IllegalArgumentException";
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** No label has so many letters: no server is asked. */
  private static final String NO_HOST = "x".repeat(70) + ".invalid";

  private static final InetSocketAddress UNRESOLVED =
      InetSocketAddress.createUnresolved(NO_HOST, 1);

  /** An address that no socket knows. */
  private static final class Elsewhere extends SocketAddress {
    private static final long serialVersionUID = 1;
  }

  private static final SocketOption<String> UNKNOWN =
      new SocketOption<>() {
        @Override
        public String name() {
          return "UNKNOWN";
        }

        @Override
        public Class<String> type() {
          return String.class;
        }
      };

  /** An address where nobody listens: a bound socket holds it and never will. */
  private static Statement.Body refused(Statement.Use<Socket> use) {
    return kind -> {
      try (Socket holder = new Socket();
          Socket socket = kind.socket()) {
        holder.bind(new InetSocketAddress(LOOPBACK, 0));
        try {
          socket.connect(holder.getLocalSocketAddress());
        } catch (IOException e) {
          return use.on(socket) + ", " + e.getClass().getSimpleName();
        }
        return "connected to nobody";
      }
    };
  }

  static Stream<Arguments> connecting() {
    return onBoth(
        says("connect(null)", ILLEGAL, fresh(act(s -> s.connect(null)))),
        says("connect(null) when closed", ILLEGAL, closed(act(s -> s.connect(null)))),
        says("connect with a timeout of -1", ILLEGAL, fresh(act(s -> s.connect(UNRESOLVED, -1)))),
        says("connect elsewhere", ILLEGAL, fresh(act(s -> s.connect(new Elsewhere())))),
        says("connect elsewhere, closed", CLOSED, closed(act(s -> s.connect(new Elsewhere())))),
        says(
            "connect elsewhere leaves the socket open",
            false,
            fresh(s -> {
              try {
                s.connect(new Elsewhere());
              } catch (IllegalArgumentException expected) {
                return s.isClosed();
              }
              return "connected";
            })),
        says(
            "connect unresolved",
            "throws UnknownHostException: " + NO_HOST,
            fresh(act(s -> s.connect(UNRESOLVED)))),
        says(
            "connect unresolved closes",
            true,
            fresh(s -> {
              try {
                s.connect(UNRESOLVED);
              } catch (IOException expected) {
                return s.isClosed();
              }
              return "connected";
            })),
        says(
            "connect twice",
            "throws SocketException: Already connected",
            connected(act(s -> s.connect(s.getRemoteSocketAddress())))),
        says(
            "connect twice leaves the connection",
            false,
            connected(s -> {
              try {
                s.connect(UNRESOLVED);
              } catch (IOException expected) {
                return s.isClosed();
              }
              return "connected";
            })),
        says("connect closed", CLOSED, stillborn(act(s -> s.connect(UNRESOLVED)))),
        says("refused closes", "true, ConnectException", refused(Socket::isClosed)),
        says("refused is not connected", "false, ConnectException", refused(Socket::isConnected)),
        says(
            "refused",
            "throws ConnectException: Connection refused",
            kind -> {
              try (Socket holder = new Socket();
                  Socket socket = kind.socket()) {
                holder.bind(new InetSocketAddress(LOOPBACK, 0));
                socket.connect(holder.getLocalSocketAddress());
                return DONE;
              }
            }),
        says(
            "connect with the longest timeout",
            DONE,
            kind -> {
              try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                  Socket socket = kind.socket()) {
                socket.connect(server.getLocalSocketAddress(), Integer.MAX_VALUE);
                return DONE;
              }
            }),
        says(
            "connect to the wildcard finds this host",
            false,
            kind -> {
              try (ServerSocket server = new ServerSocket(0);
                  Socket socket = kind.socket()) {
                socket.connect(new InetSocketAddress(server.getLocalPort()));
                return socket.getInetAddress().isAnyLocalAddress();
              }
            }),
        says(
            "an IPv6 connection",
            true,
            kind -> {
              InetAddress six = InetAddress.getByName("::1");
              try (ServerSocket server = new ServerSocket(0, 5, six);
                  Socket socket = kind.socket(six, server.getLocalPort())) {
                return socket.getInetAddress().equals(six) && socket.getLocalAddress().equals(six);
              }
            }),
        says(
            "IPv4 reaches a listener on every address",
            LOOPBACK,
            kind -> {
              try (ServerSocket server = kind.server(0);
                  Socket socket = kind.socket(LOOPBACK, server.getLocalPort());
                  Socket accepted = server.accept()) {
                return accepted.getInetAddress().equals(LOOPBACK)
                    ? socket.getInetAddress()
                    : accepted;
              }
            }));
  }

  static Stream<Arguments> constructors() {
    return onBoth(
        says("no host", "throws NullPointerException", k -> k.socket((InetAddress) null, 1)),
        says(
            "no host, bound",
            "throws NullPointerException",
            k -> k.socket((InetAddress) null, 1, null, 0)),
        says("port -1", ILLEGAL, k -> k.socket(LOOPBACK, -1)),
        says("port 65536", ILLEGAL, k -> k.socket("localhost", 65_536)),
        says("local port -1", ILLEGAL, k -> k.socket(LOOPBACK, 1, LOOPBACK, -1)),
        says("local port 65536", ILLEGAL, k -> k.socket("localhost", 1, LOOPBACK, 65_536)),
        says("unknown host", "throws UnknownHostException", k -> k.socket(NO_HOST, 1)),
        says(
            "host null is loopback",
            true,
            kind -> {
              try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                  Socket socket = kind.socket((String) null, server.getLocalPort())) {
                return socket.isConnected() && socket.getInetAddress().isLoopbackAddress();
              }
            }),
        says(
            "by name, from a local address",
            true,
            kind -> {
              try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                  Socket socket = kind.socket("127.0.0.1", server.getLocalPort(), LOOPBACK, 0)) {
                return socket.isBound() && socket.getLocalAddress().equals(LOOPBACK);
              }
            }),
        says(
            "by address, from every local address",
            true,
            kind -> {
              try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                  Socket socket = kind.socket(LOOPBACK, server.getLocalPort(), null, 0)) {
                return socket.isConnected();
              }
            }),
        says(
            "from a local port that is taken",
            "throws BindException",
            kind -> {
              try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                  Socket socket =
                      kind.socket(
                          LOOPBACK, server.getLocalPort(), LOOPBACK, server.getLocalPort())) {
                return socket;
              }
            }));
  }

  static Stream<Arguments> factories() {
    return onBoth(
        says("createSocket()", false, k -> k.sockets().createSocket().isConnected()),
        says(
            "createSocket to nobody",
            "throws NullPointerException",
            k -> k.sockets().createSocket((InetAddress) null, 1)),
        says(
            "createSocket to nobody from somewhere",
            "throws NullPointerException",
            k -> k.sockets().createSocket((InetAddress) null, 1, LOOPBACK, 0)),
        says("createSocket to port -1", ILLEGAL, k -> k.sockets().createSocket(LOOPBACK, -1)),
        says(
            "createSocket in four forms",
            "[true, true, true, true]",
            kind -> {
              SocketFactory factory = kind.sockets();
              try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                  Socket a = factory.createSocket((String) null, server.getLocalPort());
                  Socket b = factory.createSocket(LOOPBACK, server.getLocalPort());
                  Socket c = factory.createSocket("localhost", server.getLocalPort(), null, 0);
                  Socket d = factory.createSocket(LOOPBACK, server.getLocalPort(), null, 0)) {
                return Stream.of(a, b, c, d).map(Socket::isConnected).toList();
              }
            }));
  }

  static Stream<Arguments> binding() {
    SocketAddress free = new InetSocketAddress(LOOPBACK, 0);
    return onBoth(
        says(
            "bind",
            true,
            fresh(s -> {
              s.bind(free);
              return s.isBound() && s.getLocalPort() > 0 && s.getLocalAddress().equals(LOOPBACK);
            })),
        says(
            "bind(null) takes a free port",
            true,
            fresh(s -> {
              s.bind(null);
              return s.isBound() && s.getLocalPort() > 0;
            })),
        says(
            "bind(null) is to every address",
            "0.0.0.0/0.0.0.0",
            fresh(s -> {
              s.bind(null);
              return s.getLocalAddress();
            })),
        says(
            "bind twice",
            "throws SocketException: Already bound",
            fresh(s -> {
              s.bind(free);
              s.bind(free);
              return s;
            })),
        says(
            "bind when connected",
            "throws SocketException: Already bound",
            connected(act(s -> s.bind(free)))),
        says("bind elsewhere", ILLEGAL, fresh(act(s -> s.bind(new Elsewhere())))),
        says(
            "bind unresolved",
            "throws SocketException: Unresolved address",
            fresh(act(s -> s.bind(UNRESOLVED)))),
        says("bind closed", CLOSED, stillborn(act(s -> s.bind(free)))),
        says(
            "bind to an address of somebody else",
            "throws BindException",
            fresh(act(s -> s.bind(new InetSocketAddress("192.0.2.1", 0))))),
        says(
            "a failed bind leaves the socket unbound and open",
            "false false",
            fresh(s -> {
              try {
                s.bind(new InetSocketAddress("192.0.2.1", 0));
              } catch (IOException expected) {
                return s.isBound() + " " + s.isClosed();
              }
              return "bound";
            })),
        says("bind and connect keeps the port", true, toServerBound()));
  }

  private static Statement.Body toServerBound() {
    return kind -> {
      try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
          Socket socket = kind.socket()) {
        socket.bind(new InetSocketAddress(LOOPBACK, 0));
        int port = socket.getLocalPort();
        socket.connect(server.getLocalSocketAddress());
        return socket.getLocalPort() == port;
      }
    };
  }

  static Stream<Arguments> addresses() {
    return onBoth(
        says("getInetAddress, new", null, fresh(Socket::getInetAddress)),
        says("getPort, new", 0, fresh(Socket::getPort)),
        says("getLocalPort, new", -1, fresh(Socket::getLocalPort)),
        says("getLocalAddress, new", "0.0.0.0/0.0.0.0", fresh(Socket::getLocalAddress)),
        says("getLocalSocketAddress, new", null, fresh(Socket::getLocalSocketAddress)),
        says("getRemoteSocketAddress, new", null, fresh(Socket::getRemoteSocketAddress)),
        says("getChannel, new", null, fresh(Socket::getChannel)),
        says("getChannel, connected", null, connected(Socket::getChannel)),
        says("isBound, new", false, fresh(Socket::isBound)),
        says("isBound, connected", true, connected(Socket::isBound)),
        says("isBound, closed", true, closed(Socket::isBound)),
        says("isConnected, new", false, fresh(Socket::isConnected)),
        says("isConnected, connected", true, connected(Socket::isConnected)),
        says("isConnected, closed", true, closed(Socket::isConnected)),
        says("isClosed, connected", false, connected(Socket::isClosed)),
        says("isClosed, closed", true, closed(Socket::isClosed)),
        says("isInputShutdown, closed", false, closed(Socket::isInputShutdown)),
        says("isOutputShutdown, closed", false, closed(Socket::isOutputShutdown)),
        says(
            "both ends name each other",
            true,
            linked(link ->
                link.socket().getLocalSocketAddress().equals(link.peer().getRemoteSocketAddress())
                    && link.socket()
                        .getRemoteSocketAddress()
                        .equals(link.peer().getLocalSocketAddress()))),
        says(
            "getInetAddress names the host as connect was given it",
            "localhost/127.0.0.1",
            toNamed(Socket::getInetAddress)),
        says("getLocalAddress, closed", "0.0.0.0/0.0.0.0", closed(Socket::getLocalAddress)),
        says(
            "the remote address and the ports stay after close",
            true,
            connected(s -> {
              List<Object> before =
                  List.of(
                      s.getInetAddress(),
                      s.getPort(),
                      s.getLocalPort(),
                      s.getRemoteSocketAddress());
              s.close();
              return before.equals(
                  List.of(
                      s.getInetAddress(),
                      s.getPort(),
                      s.getLocalPort(),
                      s.getRemoteSocketAddress()));
            })),
        says(
            "getLocalSocketAddress, closed, is the port of every address",
            true,
            closed(s -> s.getLocalSocketAddress().equals(new InetSocketAddress(s.getLocalPort())))),
        says("toString, new", "Socket[unconnected]", fresh(Socket::toString)),
        says(
            "toString, connected",
            true,
            connected(s ->
                s.toString()
                    .equals(
                        "Socket[addr="
                            + s.getInetAddress()
                            + ",port="
                            + s.getPort()
                            + ",localport="
                            + s.getLocalPort()
                            + "]"))),
        says(
            "toString, closed, is as when connected",
            true,
            connected(s -> {
              String before = s.toString();
              s.close();
              return s.toString().equals(before);
            })),
        says(
            "equals and hashCode are those of the object",
            true,
            connected(s -> s.equals(s) && s.hashCode() == System.identityHashCode(s))));
  }

  private static Statement.Body toNamed(Statement.Use<Socket> use) {
    return kind -> {
      try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
          Socket socket = kind.socket("localhost", server.getLocalPort())) {
        return use.on(socket);
      }
    };
  }

  static Stream<Arguments> options() {
    return onBoth(
        says("TCP_NODELAY is off", false, fresh(Socket::getTcpNoDelay)),
        says(
            "TCP_NODELAY set",
            true,
            fresh(s -> {
              s.setTcpNoDelay(true);
              return s.getTcpNoDelay();
            })),
        says(
            "TCP_NODELAY set before connect stays",
            true,
            kind -> {
              try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                  Socket socket = kind.socket()) {
                socket.setTcpNoDelay(true);
                socket.connect(server.getLocalSocketAddress());
                return socket.getTcpNoDelay();
              }
            }),
        says("SO_KEEPALIVE is off", false, fresh(Socket::getKeepAlive)),
        says(
            "SO_KEEPALIVE set",
            true,
            connected(s -> {
              s.setKeepAlive(true);
              return s.getKeepAlive();
            })),
        says("SO_REUSEADDR is off", false, fresh(Socket::getReuseAddress)),
        says(
            "SO_REUSEADDR set",
            true,
            fresh(s -> {
              s.setReuseAddress(true);
              return s.getReuseAddress();
            })),
        says("OOBInline is off", false, fresh(Socket::getOOBInline)),
        says(
            "OOBInline set",
            true,
            connected(s -> {
              s.setOOBInline(true);
              return s.getOOBInline();
            })),
        says("SO_LINGER is off", -1, fresh(Socket::getSoLinger)),
        says(
            "SO_LINGER 0",
            0,
            connected(s -> {
              s.setSoLinger(true, 0);
              return s.getSoLinger();
            })),
        says(
            "SO_LINGER 5",
            5,
            fresh(s -> {
              s.setSoLinger(true, 5);
              return s.getSoLinger();
            })),
        says(
            "SO_LINGER 65535",
            65_535,
            fresh(s -> {
              s.setSoLinger(true, 65_535);
              return s.getSoLinger();
            })),
        says(
            "SO_LINGER is at most 65535",
            65_535,
            fresh(s -> {
              s.setSoLinger(true, 1_000_000);
              return s.getSoLinger();
            })),
        says(
            "SO_LINGER off again",
            -1,
            fresh(s -> {
              s.setSoLinger(true, 5);
              s.setSoLinger(false, 5);
              return s.getSoLinger();
            })),
        says("SO_LINGER -1", ILLEGAL, fresh(act(s -> s.setSoLinger(true, -1)))),
        says("SO_LINGER off takes any number", DONE, fresh(act(s -> s.setSoLinger(false, -1)))),
        says("SO_TIMEOUT is 0", 0, fresh(Socket::getSoTimeout)),
        says(
            "SO_TIMEOUT set",
            1234,
            connected(s -> {
              s.setSoTimeout(1234);
              return s.getSoTimeout();
            })),
        says(
            "SO_TIMEOUT longest",
            Integer.MAX_VALUE,
            fresh(s -> {
              s.setSoTimeout(Integer.MAX_VALUE);
              return s.getSoTimeout();
            })),
        says(
            "SO_TIMEOUT set before connect stays",
            77,
            kind -> {
              try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                  Socket socket = kind.socket()) {
                socket.setSoTimeout(77);
                socket.connect(server.getLocalSocketAddress());
                return socket.getSoTimeout();
              }
            }),
        says(
            "SO_TIMEOUT -1",
            ILLEGAL + ": timeout can't be negative",
            fresh(act(s -> s.setSoTimeout(-1)))),
        says("SO_TIMEOUT -1, closed", CLOSED, closed(act(s -> s.setSoTimeout(-1)))),
        says("SO_SNDBUF 0", ILLEGAL, fresh(act(s -> s.setSendBufferSize(0)))),
        says("SO_SNDBUF -1, closed", ILLEGAL, closed(act(s -> s.setSendBufferSize(-1)))),
        says(
            "SO_SNDBUF set",
            true,
            fresh(s -> {
              s.setSendBufferSize(64 * 1024);
              return s.getSendBufferSize() >= 64 * 1024;
            })),
        says("SO_RCVBUF 0", ILLEGAL, fresh(act(s -> s.setReceiveBufferSize(0)))),
        says("SO_RCVBUF -1, closed", ILLEGAL, closed(act(s -> s.setReceiveBufferSize(-1)))),
        says(
            "SO_RCVBUF set",
            true,
            fresh(s -> {
              s.setReceiveBufferSize(64 * 1024);
              return s.getReceiveBufferSize() >= 64 * 1024;
            })),
        says("IP_TOS is 0", 0, fresh(Socket::getTrafficClass)),
        says(
            "IP_TOS set",
            8,
            connected(s -> {
              s.setTrafficClass(8);
              return s.getTrafficClass();
            })),
        says("IP_TOS -1", ILLEGAL, fresh(act(s -> s.setTrafficClass(-1)))),
        says("IP_TOS 256, closed", ILLEGAL, closed(act(s -> s.setTrafficClass(256)))),
        says(
            "performance preferences, closed",
            DONE,
            closed(act(s -> s.setPerformancePreferences(1, -2, 3)))),
        says(
            "supportedOptions, connected",
            true,
            connected(s ->
                s.supportedOptions()
                    .containsAll(
                        Set.of(
                            StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_LINGER)))),
        says("supportedOptions", jdkOptions(), fresh(JdkParitySocketTest::names)),
        says("supportedOptions, closed", jdkOptions(), closed(JdkParitySocketTest::names)),
        says("supportedOptions, stillborn", "[]", stillborn(JdkParitySocketTest::names)),
        says(
            "supportedOptions cannot be changed",
            "throws UnsupportedOperationException",
            fresh(act(s -> s.supportedOptions().clear()))),
        says(
            "every supported option can be read",
            DONE,
            connected(
                act(s -> {
                  for (SocketOption<?> option : s.supportedOptions()) {
                    if (!option.name().startsWith("TCP_QUICKACK")
                        && !option.name().startsWith("SO_INCOMING_NAPI")) {
                      s.getOption(option);
                    }
                  }
                }))),
        says(
            "setOption returns the socket",
            true,
            fresh(s -> s.setOption(StandardSocketOptions.SO_KEEPALIVE, true) == s)),
        says(
            "setOption is seen by the getter",
            true,
            fresh(s -> s.setOption(StandardSocketOptions.TCP_NODELAY, true).getTcpNoDelay())),
        says("setOption(null)", "throws NullPointerException", fresh(s -> s.setOption(null, 1))),
        says("getOption(null)", "throws NullPointerException", closed(s -> s.getOption(null))),
        says(
            "setOption to null",
            ILLEGAL,
            fresh(s -> s.setOption(StandardSocketOptions.TCP_NODELAY, null))),
        says(
            "setOption out of range",
            ILLEGAL,
            fresh(s -> s.setOption(StandardSocketOptions.SO_SNDBUF, -1))),
        says(
            "setOption unknown",
            "throws UnsupportedOperationException",
            fresh(s -> s.setOption(UNKNOWN, ""))),
        says(
            "getOption unknown",
            "throws UnsupportedOperationException",
            connected(s -> s.getOption(UNKNOWN))),
        says("setOption unknown, closed", CLOSED, closed(s -> s.setOption(UNKNOWN, ""))));
  }

  private static Object names(Socket socket) {
    TreeSet<String> names = new TreeSet<>();
    socket.supportedOptions().forEach(option -> names.add(option.name()));
    return names;
  }

  private static Object jdkOptions() {
    try (Socket socket = new Socket()) {
      return names(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> ofAClosedSocket() {
    return onBoth(
        says("close again", DONE, closed(act(Socket::close))),
        says("getInputStream", CLOSED, closed(Socket::getInputStream)),
        says("getOutputStream", CLOSED, closed(Socket::getOutputStream)),
        says("shutdownInput", CLOSED, closed(act(Socket::shutdownInput))),
        says("shutdownOutput", CLOSED, closed(act(Socket::shutdownOutput))),
        says("getTcpNoDelay", CLOSED, closed(Socket::getTcpNoDelay)),
        says("setTcpNoDelay", CLOSED, closed(act(s -> s.setTcpNoDelay(true)))),
        says("getSoLinger", CLOSED, closed(Socket::getSoLinger)),
        says("setSoLinger", CLOSED, closed(act(s -> s.setSoLinger(true, -1)))),
        says("getSoTimeout", CLOSED, closed(Socket::getSoTimeout)),
        says("getSendBufferSize", CLOSED, closed(Socket::getSendBufferSize)),
        says("setSendBufferSize", CLOSED, closed(act(s -> s.setSendBufferSize(1)))),
        says("getReceiveBufferSize", CLOSED, closed(Socket::getReceiveBufferSize)),
        says("setReceiveBufferSize", CLOSED, closed(act(s -> s.setReceiveBufferSize(1)))),
        says("getKeepAlive", CLOSED, closed(Socket::getKeepAlive)),
        says("setKeepAlive", CLOSED, closed(act(s -> s.setKeepAlive(true)))),
        says("getTrafficClass", "throws SocketException", closed(Socket::getTrafficClass)),
        says("setTrafficClass", CLOSED, closed(act(s -> s.setTrafficClass(0)))),
        says("getReuseAddress", CLOSED, closed(Socket::getReuseAddress)),
        says("setReuseAddress", CLOSED, closed(act(s -> s.setReuseAddress(true)))),
        says("getOOBInline", CLOSED, closed(Socket::getOOBInline)),
        says("setOOBInline", CLOSED, closed(act(s -> s.setOOBInline(true)))),
        says("sendUrgentData", "throws SocketException", closed(act(s -> s.sendUrgentData(1)))),
        says("getOption", CLOSED, closed(s -> s.getOption(StandardSocketOptions.SO_RCVBUF))),
        says("setOption", CLOSED, closed(s -> s.setOption(StandardSocketOptions.SO_RCVBUF, 1024))),
        says("stillborn getTrafficClass", CLOSED, stillborn(Socket::getTrafficClass)),
        says("stillborn sendUrgentData", CLOSED, stillborn(act(s -> s.sendUrgentData(1)))),
        says("stillborn isConnected", false, stillborn(Socket::isConnected)),
        says("stillborn getLocalPort", -1, stillborn(Socket::getLocalPort)));
  }

  static Stream<Arguments> ofAnUnconnectedSocket() {
    return onBoth(
        says("getInputStream", NOT_CONNECTED, fresh(Socket::getInputStream)),
        says("getOutputStream", NOT_CONNECTED, fresh(Socket::getOutputStream)),
        says("shutdownInput", NOT_CONNECTED, fresh(act(Socket::shutdownInput))),
        says("shutdownOutput", NOT_CONNECTED, fresh(act(Socket::shutdownOutput))),
        says("sendUrgentData", "throws SocketException", fresh(act(s -> s.sendUrgentData(1)))),
        says(
            "close",
            true,
            fresh(s -> {
              s.close();
              return s.isClosed();
            })));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({
    "connecting",
    "constructors",
    "factories",
    "binding",
    "addresses",
    "options",
    "ofAClosedSocket",
    "ofAnUnconnectedSocket"
  })
  void holds(Kind kind, Statement statement) {
    statement.holdsFor(kind);
  }
}
