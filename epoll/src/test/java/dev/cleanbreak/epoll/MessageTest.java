package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CleanDatagramSocket;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails throws the type that NIO throws; here it also names the error and its number. */
@Timeout(30)
final class MessageTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress FREE = new InetSocketAddress(LOOPBACK, 0);

  /** The same on NIO, whose messages have no names. */
  private static void assertFails(
      String transport, Class<? extends IOException> type, String name, Executable call) {
    IOException failure = assertThrows(IOException.class, call);
    assertEquals(type, failure.getClass(), failure::toString);
    if (transport.equals("epoll")) {
      assertTrue(failure.getMessage().contains(name), failure::toString);
    }
  }

  private static SocketSettings on(String transport) {
    return SocketSettings.standard().withTransport(transport);
  }

  private static SocketAddress nobody() throws IOException {
    try (ServerSocket gone = new ServerSocket(0, 1, LOOPBACK)) {
      return gone.getLocalSocketAddress();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aConnectToNobodyIsRefused(String transport) throws IOException {
    SocketAddress nobody = nobody();
    try (CleanSocket socket = new CleanSocket(on(transport))) {
      assertFails(
          transport,
          ConnectException.class,
          "Connection refused: ECONNREFUSED (111)",
          () -> socket.connect(nobody));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aPortIsInUse(String transport) throws IOException {
    try (CleanServerSocket first = new CleanServerSocket(on(transport));
        CleanServerSocket second = new CleanServerSocket(on(transport))) {
      first.bind(FREE);
      assertFails(
          transport,
          BindException.class,
          "Address already in use: EADDRINUSE (98)",
          () -> second.bind(first.getLocalSocketAddress()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void anAddressOfAnotherHostCannotBeBound(String transport) throws IOException {
    try (CleanServerSocket socket = new CleanServerSocket(on(transport))) {
      assertFails(
          transport,
          BindException.class,
          "EADDRNOTAVAIL (99)",
          () -> socket.bind(new InetSocketAddress("192.0.2.1", 0)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aResetIsToldByReadsAndThenABrokenPipeByWrites(String transport) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
        CleanSocket socket = new CleanSocket(on(transport))) {
      socket.connect(listener.getLocalSocketAddress());
      Socket peer = listener.accept();
      peer.setSoLinger(true, 0);
      peer.close();
      Executable read = () -> socket.getInputStream().read();
      assertFails(transport, SocketException.class, "Connection reset: ECONNRESET (104)", read);
      assertFails(transport, SocketException.class, "Connection reset: ECONNRESET (104)", read);
      assertFails(
          transport,
          SocketException.class,
          "Broken pipe: EPIPE (32)",
          () -> socket.getOutputStream().write(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  @SuppressWarnings("try") // it is the close in the middle that is noticed
  void aConnectedDatagramSocketHearsThatNobodyIsThere(String transport) throws Exception {
    try (CleanDatagramSocket gone = new CleanDatagramSocket(FREE);
        CleanDatagramSocket socket = new CleanDatagramSocket(on(transport), FREE)) {
      socket.connect(gone.getLocalSocketAddress());
      gone.close();
      socket.send(new java.net.DatagramPacket(new byte[1], 1));
      assertFails(
          transport,
          PortUnreachableException.class,
          "ECONNREFUSED (111)",
          () -> socket.receive(new java.net.DatagramPacket(new byte[1], 1)));
    }
  }

  @Test
  void anErrorWithoutANameHasItsNumber() {
    assertEquals("Too many links: errno (31)", Errno.message(31));
  }
}
