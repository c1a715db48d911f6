package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class DatagramTest {
  private static CleanDatagramSocket open() throws Exception {
    return new CleanDatagramSocket(0, InetAddress.getLoopbackAddress());
  }

  private static DatagramPacket to(DatagramSocket target, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return new DatagramPacket(bytes, bytes.length, target.getLocalSocketAddress());
  }

  private static String text(DatagramPacket packet) {
    return new String(
        packet.getData(), packet.getOffset(), packet.getLength(), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @EnumSource
  void aCutReceiveHasConsumedNothing(ThreadKind kind) throws Exception {
    try (CleanDatagramSocket socket = open();
        DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      FutureTask<Void> receive =
          new FutureTask<>(() -> {
            CancelScope.within(Duration.ofMillis(20)).run(() -> socket.receive(packet));
            return null;
          });
      kind.start(receive);
      CutTimeoutException cut = Futures.failure(CutTimeoutException.class, receive);
      assertEquals(Operation.RECEIVE, cut.cut().call());
      peer.send(to(socket, "whole"));
      socket.receive(packet);
      assertEquals("whole", text(packet));
      assertEquals(peer.getLocalSocketAddress(), packet.getSocketAddress());
    }
  }

  @Test
  void aPacketCanBeUsedAgainWithoutSettingItsLength() throws Exception {
    try (CleanDatagramSocket socket = open();
        DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      for (String each : new String[] {"short", "a good deal longer", "cut off"}) {
        peer.send(to(socket, each));
        socket.receive(packet);
        assertEquals(each, text(packet));
      }
      packet.setLength(3);
      peer.send(to(socket, "cut off"));
      socket.receive(packet);
      assertEquals("cut", text(packet));
    }
  }

  @Test
  void aConnectedSocketTalksToItsPeerAlone() throws Exception {
    try (CleanDatagramSocket socket = open();
        CleanDatagramSocket peer = open();
        CleanDatagramSocket stranger = open()) {
      socket.connect(peer.getLocalSocketAddress());
      stranger.send(to(socket, "from a stranger"));
      peer.send(to(socket, "from the peer"));
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      socket.receive(packet);
      assertEquals("from the peer", text(packet));
      byte[] reply = {'y'};
      socket.send(new DatagramPacket(reply, 1));
      peer.receive(packet);
      assertEquals("y", text(packet));
      assertThrows(IllegalArgumentException.class, () -> socket.send(to(stranger, "no")));
      socket.disconnect();
      assertEquals(-1, socket.getPort());
      socket.send(to(stranger, "yes"));
      stranger.receive(packet);
      assertEquals("yes", text(packet));
    }
  }

  @Test
  void aCancelledScopeSendsNothing() throws Exception {
    try (CleanDatagramSocket socket = open();
        CleanDatagramSocket peer = open()) {
      CancelScope scope = CancelScope.open("stop");
      scope.cancel("stop");
      assertThrows(CancelledIOException.class, () -> scope.run(() -> socket.send(to(peer, "x"))));
      peer.setSoTimeout(10);
      DatagramPacket packet = new DatagramPacket(new byte[1], 1);
      assertThrows(CutTimeoutException.class, () -> peer.receive(packet));
      socket.send(
          new DatagramPacket(new byte[0], 0, (InetSocketAddress) peer.getLocalSocketAddress()));
      peer.setReceiveTimeout(Duration.ZERO);
      peer.receive(packet);
      assertEquals(0, packet.getLength(), "an empty datagram is one");
    }
  }

  @Test
  void aFailedConnectKeepsTheOldPeer() throws Exception {
    try (CleanDatagramSocket socket = open();
        CleanDatagramSocket first = open();
        CleanDatagramSocket second = open()) {
      socket.connect(first.getLocalSocketAddress());
      InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      assertThrows(SocketException.class, () -> socket.connect(nowhere));
      assertEquals(first.getLocalSocketAddress(), socket.getRemoteSocketAddress());
      socket.send(to(first, "to the first"));
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      first.receive(packet);
      assertEquals("to the first", text(packet));
      socket.connect(second.getLocalSocketAddress());
      assertEquals(second.getLocalSocketAddress(), socket.getRemoteSocketAddress());
      socket.send(to(second, "to the second"));
      second.receive(packet);
      assertEquals("to the second", text(packet));
    }
  }

  /** What was received before must not make room in other data. */
  @Test
  void dataSetAnewIsNotOverrun() throws Exception {
    try (CleanDatagramSocket socket = open();
        CleanDatagramSocket peer = open()) {
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      peer.send(to(socket, "ten bytes!"));
      socket.receive(packet);
      packet.setData(new byte[100], 0, 10);
      peer.send(to(socket, "more than ten bytes"));
      socket.receive(packet);
      assertEquals("more than ", text(packet));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReceiveTimeoutReachesTheReceiveThatWaits(ThreadKind kind) throws Exception {
    try (CleanDatagramSocket socket = open()) {
      FutureTask<Void> receive =
          new FutureTask<>(() -> {
            socket.receive(new DatagramPacket(new byte[1], 1));
            return null;
          });
      Thread thread = kind.start(receive);
      Conditions.await("waiting", () -> thread.getState() != Thread.State.NEW);
      socket.setReceiveTimeout(Duration.ofMillis(10));
      Futures.failure(CutTimeoutException.class, receive);
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePortIsFreeWhenCloseReturnsThoughAReceiveWasInside(ThreadKind kind) throws Exception {
    for (int i = 0; i < 20; i++) {
      CleanDatagramSocket socket = open();
      int port = socket.getLocalPort();
      CountDownLatch began = new CountDownLatch(1);
      FutureTask<Void> receive =
          new FutureTask<>(() -> {
            began.countDown();
            socket.receive(new DatagramPacket(new byte[1], 1));
            return null;
          });
      kind.start(receive);
      began.await();
      socket.close();
      try (CleanDatagramSocket next =
          new CleanDatagramSocket(port, InetAddress.getLoopbackAddress())) {
        assertEquals(port, next.getLocalPort());
      }
      Futures.failure(SocketException.class, receive);
    }
  }
}
