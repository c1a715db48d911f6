package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the peer has gone is seen without taking a byte from whoever reads. */
@Timeout(60)
class PeerClosedTest {
  private static boolean isPeerClosed(CleanSocket socket) {
    try {
      return socket.isPeerClosed();
    } catch (SocketException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isPeerClosed(CleanSslSocket socket) {
    try {
      return socket.isPeerClosed();
    } catch (SocketException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anEndIsSeenAndStaysSeen() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      assertFalse(pair.socket().isPeerClosed());
      pair.peer().shutdownOutput();
      Conditions.await("the end", () -> isPeerClosed(pair.socket()));
      pair.out().write(1);
      assertEquals(1, pair.peerIn().read(), "the peer still reads");
      assertEquals(-1, pair.in().read());
      pair.socket().shutdownInput();
      assertTrue(pair.socket().isPeerClosed());
    }
  }

  @Test
  void aResetIsSeenAndTheReadStillThrowsIt() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.peer().setSoLinger(true, 0);
      pair.peer().close();
      Conditions.await("the reset", () -> isPeerClosed(pair.socket()));
      for (int i = 0; i < 2; i++) {
        SocketException thrown = assertThrows(SocketException.class, () -> pair.in().read());
        assertTrue(thrown.getMessage().startsWith("Connection reset"), thrown::getMessage);
        assertTrue(pair.socket().isPeerClosed());
      }
      assertFalse(pair.socket().isClosed());
    }
  }

  @Test
  void unreadBytesHideTheEndAndAreReadOnce() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      byte[] sent = {1, 2, 3, 4, 5};
      pair.peerOut().write(sent);
      pair.peer().shutdownOutput();
      pair.awaitAvailable(5);
      assertFalse(pair.socket().isPeerClosed());
      assertEquals(5, pair.in().available());
      assertEquals(0, pair.in().read(new byte[0]));
      assertFalse(pair.socket().isPeerClosed());
      assertArrayEquals(sent, pair.in().readAllBytes());
      assertTrue(pair.socket().isPeerClosed());
    }
  }

  @Test
  void skipCountsTheByteThatWasSeen() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.peerOut().write(new byte[] {1, 2, 3});
      pair.awaitAvailable(3);
      assertFalse(pair.socket().isPeerClosed());
      assertEquals(2, pair.in().skip(2));
      assertFalse(pair.socket().isPeerClosed());
      assertEquals(3, pair.in().read());
    }
  }

  /** After a read that had to wait, a read waits first: the kernel has nothing to wake it with. */
  @ParameterizedTest
  @EnumSource
  void aReadAfterALookDoesNotWaitForMore(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Integer> waiting = new FutureTask<>(() -> pair.in().read());
      kind.start(waiting);
      pair.awaitReader();
      pair.peerOut().write(1);
      assertEquals(1, waiting.get());
      pair.peerOut().write(2);
      Conditions.await(
          "the byte",
          () -> {
            assertFalse(isPeerClosed(pair.socket()));
            return pair.socket().connection().inputTurn.owner() == null && available(pair) == 1;
          });
      assertFalse(pair.socket().isPeerClosed());
      // Without a timeout: the try that follows one would find the byte.
      FutureTask<Integer> next = new FutureTask<>(() -> pair.in().read());
      kind.start(next);
      assertEquals(2, next.get(10, TimeUnit.SECONDS));
    }
  }

  /** A reader that found nothing waits first, too. */
  @ParameterizedTest
  @EnumSource
  void aReadAfterNothingWasAvailableFindsTheByteOfALook(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      assertEquals(0, pair.in().available());
      pair.peerOut().write(1);
      Conditions.await("the byte", () -> available(pair) == 1);
      assertFalse(pair.socket().isPeerClosed());
      FutureTask<Integer> next = new FutureTask<>(() -> pair.in().read());
      kind.start(next);
      assertEquals(1, next.get(10, TimeUnit.SECONDS));
    }
  }

  private static int available(Pair pair) {
    // Not by the stream's available, which is a promise and makes the next read try first.
    try {
      return pair.socket().connection().streamPort().available();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReaderThatWaitsIsLeftAlone(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Integer> reader = new FutureTask<>(() -> pair.in().read());
      kind.start(reader);
      pair.awaitReader();
      assertFalse(pair.socket().isPeerClosed());
      pair.peer().shutdownOutput();
      assertEquals(-1, reader.get());
      assertTrue(pair.socket().isPeerClosed());
    }
  }

  @Test
  void onesOwnShutdownIsNotThePeers() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.peerOut().write(1);
      pair.awaitAvailable(1);
      assertFalse(pair.socket().isPeerClosed());
      InputStream in = pair.in();
      pair.socket().shutdownInput();
      assertFalse(pair.socket().isPeerClosed());
      assertEquals(0, in.available());
      assertEquals(-1, in.read(), "what had come before is dropped");
      assertFalse(pair.socket().isPeerClosed());
    }
  }

  @Test
  void itIsAskedOfAnOpenConnection() throws Exception {
    CleanSocket unconnected = new CleanSocket();
    assertThrows(SocketException.class, unconnected::isPeerClosed);
    unconnected.close();
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.socket().close();
      assertThrows(SocketException.class, pair.socket()::isPeerClosed);
    }
  }

  @Test
  void aCutScopeDoesNotKeepAPoolFromLooking() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.peer().close();
      CancelScope scope = CancelScope.open("job");
      scope.cancel("enough");
      scope.run(() -> Conditions.await("the end", () -> isPeerClosed(pair.socket())));
    }
  }

  /** Whoever looks while others read: each byte is read once and in order. */
  @ParameterizedTest
  @EnumSource
  void aStormOfLooksLosesAndDoublesNothing(ThreadKind kind) throws Exception {
    int bytes = 100_000;
    AtomicBoolean done = new AtomicBoolean();
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Void> looker =
          new FutureTask<>(() -> {
            while (!done.get()) {
              assertFalse(pair.socket().isPeerClosed());
              pair.in().available();
              Thread.yield();
            }
            return null;
          });
      kind.start(looker);
      FutureTask<Void> writer =
          new FutureTask<>(() -> {
            OutputStream out = pair.peerOut();
            for (int i = 0; i < bytes; i += 10) {
              byte[] ten = new byte[10];
              for (int j = 0; j < 10; j++) {
                ten[j] = (byte) ((i + j) % 251);
              }
              out.write(ten);
            }
            return null;
          });
      kind.start(writer);
      byte[] target = new byte[64];
      int seen = 0;
      while (seen < bytes) {
        int n = pair.in().read(target, 0, Math.min(target.length, bytes - seen));
        for (int i = 0; i < n; i++) {
          assertEquals((byte) ((seen + i) % 251), target[i]);
        }
        seen += n;
      }
      done.set(true);
      looker.get();
      writer.get();
      assertEquals(0, pair.in().available());
    }
  }

  // ---- TLS

  @ParameterizedTest
  @EnumSource
  void tlsSeesTheEndBehindRecordsWithoutPlaintext(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls)) {
      assertFalse(pair.socket().isPeerClosed(), "before the handshake");
      pair.handshaken();
      assertFalse(pair.socket().isPeerClosed());
      pair.peer().getOutputStream().write(new byte[] {1, 2, 3});
      Conditions.await(
          "the plaintext",
          () -> {
            assertFalse(isPeerClosed(pair.socket()));
            return available(pair) == 3;
          });
      pair.peer().close();
      assertFalse(pair.socket().isPeerClosed());
      assertArrayEquals(new byte[] {1, 2, 3}, pair.socket().getInputStream().readNBytes(3));
      Conditions.await("close_notify", () -> isPeerClosed(pair.socket()));
      assertEquals(-1, pair.socket().getInputStream().read());
      assertFalse(pair.socket().isClosed());
    }
  }

  private static int available(TlsPair pair) {
    try {
      return pair.socket().getInputStream().available();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
