package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that go on elsewhere or anew: resumed by another socket, renewed amid traffic. */
@Timeout(60)
class TlsRenewalTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int LENGTH = 1024 * 1024;
  private static final int RENEWED_EVERY = 100_000;

  // ---- resumption

  @ParameterizedTest
  @EnumSource(names = {"SERVER_1_2", "SERVER_1_3"})
  void aServerResumesASessionThoughItsHandshakesAreCut(TlsCase tls) throws Exception {
    SSLSocketFactory clients = TlsCredentials.client().getSocketFactory();
    CleanSslServerSocketFactory servers =
        new CleanSslServerSocketFactory(TlsCredentials.server(), SocketSettings.standard());
    Set<Long> created = new HashSet<>();
    AtomicInteger cuts = new AtomicInteger();
    try (CleanSslServerSocket listener = servers.createServerSocket(0, 5, LOOPBACK)) {
      listener.setNeedClientAuth(true);
      listener.setEnabledProtocols(new String[] {tls.protocol});
      for (int i = 0; i < 3; i++) {
        FutureTask<String> there = new FutureTask<>(() -> serve(listener, cuts));
        ThreadKind.VIRTUAL.start(there);
        try (SSLSocket socket =
            (SSLSocket) clients.createSocket("localhost", listener.getLocalPort())) {
          socket.setEnableSessionCreation(i == 0);
          socket.getOutputStream().write(3);
          assertEquals(3, socket.getInputStream().read());
          created.add(socket.getSession().getCreationTime());
        }
        assertEquals("CN=client", there.get(), "a resumed session keeps the client's identity");
      }
    }
    assertEquals(1, created.size(), "the later sessions are the first one resumed");
    assertTrue(cuts.get() > 0, "nothing was cut");
  }

  /** Handshakes in ever longer pieces, answers each byte until the end; returns the peer's name. */
  private static String serve(CleanSslServerSocket listener, AtomicInteger cuts)
      throws IOException {
    try (CleanSslSocket accepted = listener.accept()) {
      for (int turn = 1; !handshakes(accepted, turn); turn++) {
        cuts.incrementAndGet();
      }
      accepted.getInputStream().transferTo(accepted.getOutputStream());
      assertEquals(LOOPBACK.getHostAddress(), accepted.getSession().getPeerHost());
      return accepted.getSession().getPeerPrincipal().getName();
    }
  }

  /** False if the handshake was cut. */
  private static boolean handshakes(CleanSslSocket socket, int turn) throws IOException {
    try {
      CancelScope.within(Duration.ofNanos(20_000L * turn)).run(() -> socket.startHandshake());
      return true;
    } catch (CutTimeoutException e) {
      return false;
    }
  }

  // ---- new keys (TLS 1.3) and new handshakes (TLS 1.2)

  /**
   * The peer asks again and again, both sides write at once, and our calls are cut. It asks in the
   * thread that reads: a TLS 1.2 client of the JDK that asks in another one now and then takes its
   * own server's answer for an unexpected message, also where both ends are the JDK's.
   */
  @ParameterizedTest
  @EnumSource
  void aSessionIsRenewedUnderCutsInTheMiddleOfTraffic(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      pair.settle();
      byte[] ours = TlsCutTest.random(LENGTH);
      byte[] theirs = TlsCutTest.random(LENGTH + 1);
      AtomicInteger cuts = new AtomicInteger();
      FutureTask<Void> writes = started(ThreadKind.VIRTUAL, () -> writeCut(pair, ours, cuts));
      FutureTask<byte[]> reads =
          started(ThreadKind.PLATFORM, () -> readCut(pair, theirs.length, cuts));
      FutureTask<byte[]> peerReads =
          started(ThreadKind.PLATFORM, () -> readRenewing(pair.peer(), ours.length));
      FutureTask<Void> peerWrites =
          started(
              ThreadKind.PLATFORM,
              () -> {
                pair.peer().getOutputStream().write(theirs);
                return null;
              });
      assertArrayEquals(theirs, reads.get());
      writes.get();
      peerWrites.get();
      assertArrayEquals(ours, peerReads.get());
      // A renewal that is still under way is completed by these.
      pair.settle();
      pair.settle();
      assertTrue(cuts.get() > 0, "nothing was cut");
    }
  }

  /** Asks for new keys, or a new handshake, before each piece. */
  private static byte[] readRenewing(SSLSocket peer, int length) throws IOException {
    byte[] got = new byte[length];
    for (int at = 0; at < length; ) {
      peer.startHandshake();
      int n = peer.getInputStream().readNBytes(got, at, Math.min(RENEWED_EVERY, length - at));
      if (n == 0) {
        throw new EOFException("after " + at);
      }
      at += n;
    }
    return got;
  }

  private static <T> FutureTask<T> started(ThreadKind kind, Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    kind.start(task);
    return task;
  }

  private static Void writeCut(TlsPair pair, byte[] whole, AtomicInteger cuts) throws IOException {
    for (int at = 0, turn = 0; at < whole.length; turn++) {
      int from = at;
      int length = Math.min(1 + turn % 7 * 9000, whole.length - from);
      try {
        CancelScope.within(Duration.ofNanos(100_000L * (turn % 20)))
            .run(() -> pair.out().write(whole, from, length));
        at += length;
      } catch (CutTimeoutException e) {
        cuts.incrementAndGet();
        at += e.bytesTransferred;
      }
    }
    return null;
  }

  private static byte[] readCut(TlsPair pair, int length, AtomicInteger cuts) throws IOException {
    byte[] got = new byte[length];
    int[] at = {0};
    for (int turn = 0; at[0] < length; turn++) {
      try {
        CancelScope.within(Duration.ofNanos(100_000L * (turn % 20)))
            .run(() -> {
              int n = pair.in().read(got, at[0], length - at[0]);
              if (n < 0) {
                throw new EOFException("after " + at[0]);
              }
              at[0] += n;
            });
      } catch (CutTimeoutException e) {
        cuts.incrementAndGet();
      }
    }
    return got;
  }

  @Test
  void aSecondRenegotiationDoesNotSpoilTheFirst() throws Exception {
    try (TlsPair pair = TlsPair.open(TlsCase.CLIENT_1_2).handshaken()) {
      pair.settle();
      byte[] whole = TlsCutTest.random(2 * 1024 * 1024);
      pair.socket().startHandshake();
      FutureTask<Void> writes =
          new FutureTask<>(() -> {
            pair.out().write(whole);
            return null;
          });
      ThreadKind.VIRTUAL.start(writes);
      pair.awaitWriter();
      // The peer meets our hello before the byte, and answers it before its own.
      pair.peerReads(1).get();
      pair.peer().getOutputStream().write(5);
      assertEquals(5, pair.in().read(), "our last flight now waits for the writer");
      assertThrows(
          CutTimeoutException.class,
          () ->
              CancelScope.within(Duration.ofMillis(20)).run(() -> pair.socket().startHandshake()));
      assertEquals(whole.length - 1, pair.peerReads(whole.length - 1).get().length);
      writes.get();
      for (int i = 0; i < 5; i++) {
        pair.settle();
      }
    }
  }
}
