package dev.cleanbreak;

import static dev.cleanbreak.Statement.DONE;
import static dev.cleanbreak.Statement.act;
import static dev.cleanbreak.Statement.boundDatagram;
import static dev.cleanbreak.Statement.closedDatagram;
import static dev.cleanbreak.Statement.onBoth;
import static dev.cleanbreak.Statement.says;
import static dev.cleanbreak.Statement.unboundDatagram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link DatagramSocket}, method by method. */
@Timeout(30)
class JdkParityDatagramSocketTest {
  private static final String CLOSED = "throws SocketException: Socket is closed";
  private static final String ILLEGAL = "throws IllegalArgumentException";
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress FREE = new InetSocketAddress(LOOPBACK, 0);
  private static final InetSocketAddress SOMEWHERE = new InetSocketAddress(LOOPBACK, 9);
  private static final InetSocketAddress UNRESOLVED =
      InetSocketAddress.createUnresolved("a.invalid", 1);

  /** An address that no socket knows. */
  private static final class Elsewhere extends SocketAddress {
    private static final long serialVersionUID = 1;
  }

  private static DatagramPacket packet(SocketAddress to) {
    return to == null
        ? new DatagramPacket(new byte[] {1, 2, 3}, 3)
        : new DatagramPacket(new byte[] {1, 2, 3}, 3, to);
  }

  private static Statement.Use<DatagramSocket> connectedTo(Statement.Use<DatagramSocket> use) {
    return socket -> {
      socket.connect(SOMEWHERE);
      return use.on(socket);
    };
  }

  static Stream<Arguments> binding() {
    return onBoth(
        says("port -1", ILLEGAL, k -> k.datagram(-1, LOOPBACK)),
        says("port 65536", ILLEGAL, k -> k.datagram(65_536, LOOPBACK)),
        says("constructor unresolved", "throws SocketException", k -> k.datagram(UNRESOLVED)),
        says(
            "null leaves it unbound",
            "false -0",
            unboundDatagram(s -> s.isBound() + " -" + s.getLocalPort())),
        says(
            "bind",
            true,
            unboundDatagram(s -> {
              s.bind(FREE);
              return s.isBound() && s.getLocalAddress().equals(LOOPBACK) && s.getLocalPort() > 0;
            })),
        says(
            "bind(null) takes a free port",
            true,
            unboundDatagram(s -> {
              s.bind(null);
              return s.isBound() && s.getLocalAddress().isAnyLocalAddress() && s.getLocalPort() > 0;
            })),
        says("bind twice", "throws SocketException", boundDatagram(act(s -> s.bind(FREE)))),
        says("bind closed", CLOSED, closedDatagram(act(s -> s.bind(FREE)))),
        says(
            "bind unresolved",
            "throws SocketException",
            unboundDatagram(act(s -> s.bind(UNRESOLVED)))),
        says(
            "a port that is taken",
            "throws BindException",
            k -> {
              try (DatagramSocket first = k.datagram(FREE)) {
                return k.datagram(first.getLocalSocketAddress());
              }
            }),
        says(
            "a port shared by SO_REUSEADDR",
            true,
            k -> {
              try (DatagramSocket first = k.datagram((SocketAddress) null);
                  DatagramSocket second = k.datagram((SocketAddress) null)) {
                first.setReuseAddress(true);
                second.setReuseAddress(true);
                first.bind(FREE);
                second.bind(first.getLocalSocketAddress());
                return first.getLocalPort() == second.getLocalPort();
              }
            }));
  }

  static Stream<Arguments> connecting() {
    return onBoth(
        says("connect(null)", ILLEGAL, boundDatagram(act(s -> s.connect(null)))),
        says("connect to no address", ILLEGAL, boundDatagram(act(s -> s.connect(null, 1)))),
        says("connect to port -1", ILLEGAL, boundDatagram(act(s -> s.connect(LOOPBACK, -1)))),
        says(
            "connect to port 65536", ILLEGAL, boundDatagram(act(s -> s.connect(LOOPBACK, 65_536)))),
        says(
            "connect to port 0",
            "throws UncheckedIOException",
            boundDatagram(act(s -> s.connect(LOOPBACK, 0)))),
        says(
            "connect to address of port 0",
            "throws SocketException: Can't connect to port 0",
            boundDatagram(act(s -> s.connect(FREE)))),
        says(
            "connect unresolved",
            "throws SocketException",
            boundDatagram(act(s -> s.connect(UNRESOLVED)))),
        says(
            "connect unresolved leaves it unconnected",
            "false false",
            boundDatagram(s -> {
              try {
                s.connect(UNRESOLVED);
              } catch (IOException expected) {
                return s.isConnected() + " " + s.isClosed();
              }
              return "connected";
            })),
        says("connect binds", true, unboundDatagram(connectedTo(DatagramSocket::isBound))),
        says(
            "connect",
            "true 9 " + SOMEWHERE,
            boundDatagram(
                connectedTo(
                    s -> s.isConnected() + " " + s.getPort() + " " + s.getRemoteSocketAddress()))),
        says(
            "connect to another",
            10,
            boundDatagram(
                connectedTo(s -> {
                  s.connect(LOOPBACK, 10);
                  return s.getPort();
                }))),
        says("connect closed", DONE, closedDatagram(act(s -> s.connect(SOMEWHERE)))),
        says(
            "connect closed connects nothing",
            false,
            closedDatagram(connectedTo(DatagramSocket::isConnected))),
        says("connect closed, by address", DONE, closedDatagram(act(s -> s.connect(LOOPBACK, 9)))),
        says(
            "disconnect",
            "false null -1",
            boundDatagram(
                connectedTo(s -> {
                  s.disconnect();
                  return s.isConnected() + " " + s.getInetAddress() + " " + s.getPort();
                }))),
        says(
            "disconnect keeps the port",
            true,
            boundDatagram(s -> {
              int port = s.getLocalPort();
              s.connect(SOMEWHERE);
              s.disconnect();
              return s.getLocalPort() == port;
            })),
        says("disconnect unconnected", DONE, unboundDatagram(act(DatagramSocket::disconnect))),
        says("disconnect closed", DONE, closedDatagram(act(DatagramSocket::disconnect))));
  }

  static Stream<Arguments> addresses() {
    return onBoth(
        says("getInetAddress", null, boundDatagram(DatagramSocket::getInetAddress)),
        says("getPort", -1, boundDatagram(DatagramSocket::getPort)),
        says("getRemoteSocketAddress", null, boundDatagram(DatagramSocket::getRemoteSocketAddress)),
        says("getChannel", null, boundDatagram(DatagramSocket::getChannel)),
        says(
            "getLocalSocketAddress, unbound",
            null,
            unboundDatagram(DatagramSocket::getLocalSocketAddress)),
        says(
            "getLocalAddress, unbound",
            true,
            unboundDatagram(s -> s.getLocalAddress().isAnyLocalAddress())),
        says(
            "getLocalAddress is the wildcard",
            wildcardOfTheJdk(),
            boundDatagram(DatagramSocket::getLocalAddress)),
        says(
            "getLocalAddress, connected",
            LOOPBACK,
            boundDatagram(
                connectedTo(
                    s -> s.getLocalAddress().equals(LOOPBACK) ? LOOPBACK : s.getLocalAddress()))),
        says("isBound, closed", true, closedDatagram(DatagramSocket::isBound)),
        says("isClosed", false, boundDatagram(DatagramSocket::isClosed)),
        says("isClosed, closed", true, closedDatagram(DatagramSocket::isClosed)),
        says("getLocalPort, closed", -1, closedDatagram(DatagramSocket::getLocalPort)),
        says("getLocalAddress, closed", null, closedDatagram(DatagramSocket::getLocalAddress)),
        says(
            "getLocalSocketAddress, closed",
            null,
            closedDatagram(DatagramSocket::getLocalSocketAddress)),
        says(
            "the peer stays after close",
            "true 9",
            boundDatagram(
                connectedTo(s -> {
                  s.close();
                  return s.isConnected() + " " + s.getPort();
                }))),
        says(
            "equals and hashCode are those of the object",
            true,
            boundDatagram(s -> s.equals(s) && s.hashCode() == System.identityHashCode(s))),
        says(
            "toString is that of the object",
            true,
            boundDatagram(s ->
                s.toString()
                    .equals(s.getClass().getName() + "@" + Integer.toHexString(s.hashCode())))));
  }

  private static Object wildcardOfTheJdk() {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> sending() {
    return onBoth(
        says("send(null)", "throws NullPointerException", boundDatagram(act(s -> s.send(null)))),
        says(
            "send to nobody",
            ILLEGAL + ": Address not set",
            boundDatagram(act(s -> s.send(packet(null))))),
        says(
            "send to port 0",
            "throws SocketException: Can't send to port 0",
            boundDatagram(act(s -> s.send(packet(FREE))))),
        says(
            "send to port 0, unbound",
            "throws SocketException",
            unboundDatagram(act(s -> s.send(packet(FREE))))),
        says(
            "send binds",
            true,
            unboundDatagram(s -> {
              s.send(packet(SOMEWHERE));
              return s.isBound();
            })),
        says(
            "send closed",
            "throws SocketException: Socket closed",
            closedDatagram(act(s -> s.send(packet(SOMEWHERE))))),
        says(
            "send closed to nobody",
            "throws SocketException: Socket closed",
            closedDatagram(act(s -> s.send(packet(null))))),
        says(
            "send stillborn",
            "throws SocketException: Socket closed",
            unboundDatagram(s -> {
              s.close();
              s.send(packet(SOMEWHERE));
              return s;
            })),
        says(
            "send to another than the peer",
            ILLEGAL + ": Connected and packet address differ",
            boundDatagram(
                connectedTo(act(s -> s.send(packet(new InetSocketAddress(LOOPBACK, 10))))))),
        says(
            "send to the peer fills in the packet",
            SOMEWHERE,
            boundDatagram(
                connectedTo(s -> {
                  DatagramPacket sent = packet(null);
                  s.send(sent);
                  return sent.getSocketAddress();
                }))),
        says(
            "send more than a datagram holds",
            "throws SocketException",
            boundDatagram(
                act(s -> s.send(new DatagramPacket(new byte[70_000], 70_000, SOMEWHERE))))),
        says(
            "an empty datagram",
            0,
            boundDatagram(s -> {
              try (DatagramSocket to = new DatagramSocket(FREE)) {
                s.send(new DatagramPacket(new byte[0], 0, to.getLocalSocketAddress()));
                DatagramPacket received = new DatagramPacket(new byte[9], 9);
                to.receive(received);
                return received.getLength();
              }
            })),
        says(
            "a datagram of 65507 bytes",
            65_507,
            boundDatagram(s -> {
              try (DatagramSocket to = new DatagramSocket(FREE)) {
                byte[] bytes = new byte[65_507];
                s.send(new DatagramPacket(bytes, bytes.length, to.getLocalSocketAddress()));
                DatagramPacket received = new DatagramPacket(bytes, bytes.length);
                to.receive(received);
                return received.getLength();
              }
            })));
  }

  /** A bound socket that has been sent datagrams of the given sizes, of bytes 0, 1, 2, ... */
  private static Statement.Body sent(Statement.Use<DatagramSocket> use, int... sizes) {
    return kind -> {
      try (DatagramSocket socket = kind.datagram(FREE);
          DatagramSocket from = new DatagramSocket(FREE)) {
        for (int size : sizes) {
          byte[] bytes = new byte[size];
          for (int i = 0; i < size; i++) {
            bytes[i] = (byte) i;
          }
          from.send(new DatagramPacket(bytes, size, socket.getLocalSocketAddress()));
        }
        return use.on(socket);
      }
    };
  }

  static Stream<Arguments> receiving() {
    return onBoth(
        says(
            "receive(null)",
            "throws NullPointerException",
            boundDatagram(act(s -> s.receive(null)))),
        says(
            "receive closed",
            "throws SocketException: Socket closed",
            closedDatagram(act(s -> s.receive(packet(null))))),
        says(
            "receive stillborn",
            "throws SocketException: Socket closed",
            unboundDatagram(s -> {
              s.close();
              s.receive(packet(null));
              return s;
            })),
        says(
            "receive times out",
            "throws SocketTimeoutException: Receive timed out",
            boundDatagram(s -> {
              s.setSoTimeout(20);
              s.receive(packet(null));
              return DONE;
            })),
        says(
            "receive unbound binds",
            true,
            unboundDatagram(s -> {
              s.setSoTimeout(20);
              try {
                s.receive(packet(null));
              } catch (SocketTimeoutException expected) {
                return s.isBound();
              }
              return "received";
            })),
        says(
            "receive names the sender",
            true,
            sent(
                s -> {
                  DatagramPacket got = packet(null);
                  s.receive(got);
                  return got.getAddress().equals(LOOPBACK) && got.getPort() > 0;
                },
                1)),
        says(
            "receive cuts off",
            "3 [0, 1, 2]",
            sent(
                s -> {
                  DatagramPacket got = packet(null);
                  s.receive(got);
                  return got.getLength() + " " + Arrays.toString(got.getData());
                },
                5)),
        says(
            "receive at an offset",
            "2 [0, 0, 0, 1, 0]",
            sent(
                s -> {
                  DatagramPacket got = new DatagramPacket(new byte[5], 2, 3);
                  s.receive(got);
                  return got.getLength() + " " + Arrays.toString(got.getData());
                },
                2)),
        says(
            "a packet is as large again the next time",
            "1 5 2 6",
            sent(
                s -> {
                  DatagramPacket got = new DatagramPacket(new byte[6], 6);
                  StringBuilder lengths = new StringBuilder();
                  for (int i = 0; i < 4; i++) {
                    s.receive(got);
                    lengths.append(i == 0 ? "" : " ").append(got.getLength());
                  }
                  return lengths;
                },
                1,
                5,
                2,
                9)),
        says(
            "setLength makes it smaller",
            "2",
            sent(
                s -> {
                  DatagramPacket got = new DatagramPacket(new byte[6], 6);
                  s.receive(got);
                  got.setLength(2);
                  s.receive(got);
                  return got.getLength();
                },
                4,
                5)),
        says(
            "an empty datagram",
            0,
            sent(
                s -> {
                  DatagramPacket got = packet(null);
                  s.receive(got);
                  return got.getLength();
                },
                0)),
        says(
            "no one at the peer",
            "throws PortUnreachableException",
            kind -> {
              try (DatagramSocket socket = kind.datagram(FREE)) {
                try (DatagramSocket holder = new DatagramSocket(FREE)) {
                  socket.connect(holder.getLocalSocketAddress());
                }
                socket.setSoTimeout(5000);
                socket.send(packet(null));
                socket.receive(packet(null));
                return DONE;
              }
            }),
        says(
            "only the peer's datagrams arrive",
            "throws SocketTimeoutException",
            kind -> {
              try (DatagramSocket peer = new DatagramSocket(FREE);
                  DatagramSocket other = new DatagramSocket(FREE);
                  DatagramSocket socket = kind.datagram(FREE)) {
                socket.connect(peer.getLocalSocketAddress());
                other.send(packet(socket.getLocalSocketAddress()));
                socket.setSoTimeout(20);
                socket.receive(packet(null));
                return DONE;
              }
            }));
  }

  static Stream<Arguments> options() {
    InetSocketAddress group = new InetSocketAddress("230.0.0.1", 0);
    return onBoth(
        says("SO_BROADCAST is on", true, boundDatagram(DatagramSocket::getBroadcast)),
        says("SO_BROADCAST is on, unbound", true, unboundDatagram(DatagramSocket::getBroadcast)),
        says(
            "SO_BROADCAST cleared",
            false,
            boundDatagram(s -> {
              s.setBroadcast(false);
              return s.getBroadcast();
            })),
        says("SO_REUSEADDR is off", false, boundDatagram(DatagramSocket::getReuseAddress)),
        says("SO_TIMEOUT is 0", 0, boundDatagram(DatagramSocket::getSoTimeout)),
        says(
            "SO_TIMEOUT set",
            5,
            boundDatagram(s -> {
              s.setSoTimeout(5);
              return s.getSoTimeout();
            })),
        says("SO_TIMEOUT -1", ILLEGAL, boundDatagram(act(s -> s.setSoTimeout(-1)))),
        says("SO_TIMEOUT -1, closed", CLOSED, closedDatagram(act(s -> s.setSoTimeout(-1)))),
        says("SO_SNDBUF 0", ILLEGAL, boundDatagram(act(s -> s.setSendBufferSize(0)))),
        says("SO_RCVBUF -1", ILLEGAL, boundDatagram(act(s -> s.setReceiveBufferSize(-1)))),
        says(
            "SO_SNDBUF set",
            true,
            boundDatagram(s -> {
              s.setSendBufferSize(32_000);
              return s.getSendBufferSize() >= 32_000;
            })),
        says(
            "SO_RCVBUF set",
            true,
            boundDatagram(s -> {
              s.setReceiveBufferSize(32_000);
              return s.getReceiveBufferSize() >= 32_000;
            })),
        says(
            "IP_TOS",
            8,
            boundDatagram(s -> {
              s.setTrafficClass(8);
              return s.getTrafficClass();
            })),
        says("IP_TOS 256", ILLEGAL, boundDatagram(act(s -> s.setTrafficClass(256)))),
        says("getSoTimeout, closed", CLOSED, closedDatagram(DatagramSocket::getSoTimeout)),
        says("getBroadcast, closed", CLOSED, closedDatagram(DatagramSocket::getBroadcast)),
        says("setBroadcast, closed", CLOSED, closedDatagram(act(s -> s.setBroadcast(true)))),
        says("getReuseAddress, closed", CLOSED, closedDatagram(DatagramSocket::getReuseAddress)),
        says("setReuseAddress, closed", CLOSED, closedDatagram(act(s -> s.setReuseAddress(true)))),
        says("getTrafficClass, closed", CLOSED, closedDatagram(DatagramSocket::getTrafficClass)),
        says(
            "getSendBufferSize, closed", CLOSED, closedDatagram(DatagramSocket::getSendBufferSize)),
        says(
            "getReceiveBufferSize, closed",
            CLOSED,
            closedDatagram(DatagramSocket::getReceiveBufferSize)),
        says(
            "supportedOptions",
            optionsOfTheJdk(),
            boundDatagram(JdkParityDatagramSocketTest::names)),
        says(
            "supportedOptions, closed",
            optionsOfTheJdk(),
            closedDatagram(JdkParityDatagramSocketTest::names)),
        says(
            "setOption returns the socket",
            true,
            boundDatagram(s -> s.setOption(StandardSocketOptions.SO_BROADCAST, false) == s)),
        says(
            "setOption(null)",
            "throws NullPointerException",
            boundDatagram(s -> s.setOption(null, 1))),
        says(
            "setOption to null",
            ILLEGAL,
            boundDatagram(s -> s.setOption(StandardSocketOptions.SO_BROADCAST, null))),
        says(
            "an option of connections",
            "throws UnsupportedOperationException",
            boundDatagram(s -> s.setOption(StandardSocketOptions.TCP_NODELAY, true))),
        says("joinGroup(null)", ILLEGAL, boundDatagram(act(s -> s.joinGroup(null, null)))),
        says(
            "joinGroup elsewhere",
            ILLEGAL,
            boundDatagram(act(s -> s.joinGroup(new Elsewhere(), null)))),
        says(
            "joinGroup unresolved",
            ILLEGAL,
            boundDatagram(act(s -> s.joinGroup(UNRESOLVED, null)))),
        says(
            "joinGroup of no group",
            "throws SocketException: Not a multicast address",
            boundDatagram(act(s -> s.joinGroup(FREE, null)))),
        says("joinGroup, closed", CLOSED, closedDatagram(act(s -> s.joinGroup(group, null)))),
        says("leaveGroup, closed", CLOSED, closedDatagram(act(s -> s.leaveGroup(group, null)))),
        says(
            "leaveGroup before joinGroup",
            "throws SocketException",
            boundDatagram(act(s -> s.leaveGroup(group, null)))),
        says("close again", DONE, closedDatagram(act(DatagramSocket::close))));
  }

  private static Object names(DatagramSocket socket) {
    TreeSet<String> names = new TreeSet<>();
    for (SocketOption<?> option : socket.supportedOptions()) {
      names.add(option.name());
    }
    return names;
  }

  private static Object optionsOfTheJdk() {
    try (DatagramSocket socket = new DatagramSocket()) {
      return names(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"binding", "connecting", "addresses", "sending", "receiving", "options"})
  void holds(Kind kind, Statement statement) {
    statement.holdsFor(kind);
  }
}
