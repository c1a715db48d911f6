package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which descriptors a socket owns at which point of its life: none that nobody sees. */
@Timeout(30)
@SuppressWarnings("try") // it is the close in the middle that is watched
class DescriptorsTest {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** What a platform thread sleeps in: a selector; or an eventfd, which stays for the next one. */
  private static final int SLEEPER = Transports.standard() == NioTransport.INSTANCE ? 2 : 0;

  /** The first socket of a process opens descriptors that the JDK keeps. */
  @BeforeAll
  static void warmUp() throws IOException {
    try (CleanServerSocket server = new CleanServerSocket(0)) {
      server.setSoTimeout(1);
      assertThrows(SocketTimeoutException.class, server::accept);
    }
    // Closing a channel with a selector wakes a helper of the JDK's that stays.
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.socket().setSoTimeout(1);
      assertThrows(SocketTimeoutException.class, () -> pair.in().read());
    }
  }

  @Test
  void ofASocket() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      OpenedDescriptors descriptors = OpenedDescriptors.baseline();
      CleanSocket socket = new CleanSocket();
      assertEquals(0, descriptors.opened(), "new");
      socket.setSoTimeout(1);
      assertEquals(0, descriptors.opened(), "with a timeout");
      socket.connect(listener.getLocalSocketAddress());
      assertEquals(1, descriptors.opened(), "connected");
      assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
      assertEquals(1 + SLEEPER, descriptors.opened(), "after a read that waited");
      socket.close();
      assertEquals(0, descriptors.opened(), "closed");
    }
  }

  /** The poller of the virtual threads selects for all of them; its own descriptors stay. */
  @Test
  void ofASocketOnWhichVirtualThreadsWait() throws Exception {
    readOnAVirtualThread(Pair.open(SocketSettings.standard())).close();
    OpenedDescriptors descriptors = OpenedDescriptors.baseline();
    // Often: a close that did not wait for the poller would mostly be lucky.
    for (int i = 0; i < 50; i++) {
      Pair pair = readOnAVirtualThread(Pair.open(SocketSettings.standard()));
      assertEquals(2, descriptors.opened(), "both ends, after a read that waited");
      pair.close();
      assertEquals(0, descriptors.opened(), "closed");
    }
  }

  private static Pair readOnAVirtualThread(Pair pair) throws Exception {
    pair.socket().setSoTimeout(1);
    FutureTask<Object> read =
        new FutureTask<>(() -> assertThrows(SocketTimeoutException.class, () -> pair.in().read()));
    ThreadKind.VIRTUAL.start(read);
    read.get();
    return pair;
  }

  @Test
  void ofAnAcceptedSocket() throws IOException {
    try (CleanServerSocket server = new CleanServerSocket(0);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
      OpenedDescriptors descriptors = OpenedDescriptors.baseline();
      CleanSocket accepted = server.accept();
      assertEquals(1, descriptors.opened(), "accepted");
      accepted.close();
      assertEquals(0, descriptors.opened(), "closed, with " + client);
    }
  }

  @Test
  void ofAServerSocket() throws IOException {
    OpenedDescriptors descriptors = OpenedDescriptors.baseline();
    CleanServerSocket server = new CleanServerSocket();
    assertEquals(0, descriptors.opened(), "new");
    server.bind(FREE);
    assertEquals(1, descriptors.opened(), "bound");
    server.setSoTimeout(1);
    assertThrows(SocketTimeoutException.class, server::accept);
    assertEquals(1 + SLEEPER, descriptors.opened(), "after an accept that waited");
    server.close();
    assertEquals(0, descriptors.opened(), "closed");
  }

  @Test
  void ofADatagramSocket() throws IOException {
    OpenedDescriptors descriptors = OpenedDescriptors.baseline();
    CleanDatagramSocket socket = new CleanDatagramSocket(null);
    assertEquals(0, descriptors.opened(), "unbound");
    socket.bind(FREE);
    assertEquals(1, descriptors.opened(), "bound");
    socket.setSoTimeout(1);
    DatagramPacket packet = new DatagramPacket(new byte[1], 1);
    assertThrows(SocketTimeoutException.class, () -> socket.receive(packet));
    assertEquals(1 + SLEEPER, descriptors.opened(), "after a receive that waited");
    socket.close();
    assertEquals(0, descriptors.opened(), "closed");
  }

  @Test
  void ofSocketsThatFailed() throws IOException {
    try (Socket holder = new Socket();
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      holder.bind(FREE);
      int nobody = holder.getLocalPort();
      int port = taken.getLocalPort();
      InetAddress here = InetAddress.getLoopbackAddress();
      OpenedDescriptors descriptors = OpenedDescriptors.baseline();
      assertThrows(ConnectException.class, () -> new CleanSocket(here, nobody));
      assertEquals(0, descriptors.opened(), "refused");
      assertThrows(SocketException.class, () -> new CleanSocket(here, nobody, here, port));
      assertEquals(0, descriptors.opened(), "local port taken");
      assertThrows(SocketException.class, () -> new CleanServerSocket(port, 1, here));
      assertEquals(0, descriptors.opened(), "listener's port taken");
    }
  }
}
