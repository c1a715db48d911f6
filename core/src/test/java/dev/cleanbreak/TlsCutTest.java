package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Cuts of every kind at every point of a session, which must go on as if nothing had happened. */
@Timeout(60)
class TlsCutTest {
  private static final int MIB = 1024 * 1024;

  static Stream<Arguments> casesAndKinds() {
    return Arrays.stream(TlsCase.values())
        .flatMap(tls -> Arrays.stream(ThreadKind.values()).map(kind -> Arguments.of(tls, kind)));
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void within(int millis, CancelScope.Body<IOException> body) throws IOException {
    CancelScope.within(Duration.ofMillis(millis)).run(body);
  }

  // ---- without cuts

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void echoesAMebibyte(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.open(tls)) {
      byte[] sent = random(MIB);
      FutureTask<Void> echo =
          new FutureTask<>(() -> {
            pair.peer().getInputStream().transferTo(pair.peer().getOutputStream());
            pair.peer().shutdownOutput();
            return null;
          });
      ThreadKind.PLATFORM.start(echo);
      FutureTask<Void> writes =
          new FutureTask<>(() -> {
            pair.out().write(sent);
            return null;
          });
      kind.start(writes);
      FutureTask<byte[]> reads = new FutureTask<>(() -> pair.in().readNBytes(MIB));
      kind.start(reads);
      assertArrayEquals(sent, reads.get());
      writes.get();
      assertEquals(tls.protocol, pair.socket().getSession().getProtocol());
    }
  }

  // ---- handshakes

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void aHandshakeCutAtManyPointsIsContinued(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.openRelayed(tls, SocketSettings.standard())) {
      Relay relay = pair.relayOrThrow();
      pair.socket().setReadTimeout(Duration.ofMillis(2));
      FutureTask<Void> there = pair.peerHandshake();
      FutureTask<Integer> here =
          new FutureTask<>(() -> {
            for (int cuts = 0; ; cuts++) {
              try {
                cutInTurn(cuts, () -> pair.socket().startHandshake());
                return cuts;
              } catch (CancelledIOException | CutTimeoutException e) {
                assertEquals(Operation.HANDSHAKE, ((CutException) e).cut().call());
                Thread.interrupted();
                relay.forward(13);
              }
            }
          });
      kind.start(here);
      int cuts = here.get();
      assertTrue(cuts > 10, () -> "only " + cuts + " cuts");
      relay.forwardAll();
      there.get();
      pair.socket().setReadTimeout(Duration.ZERO);
      pair.settle();
      assertEquals(tls.protocol, pair.socket().getSession().getProtocol());
    }
  }

  /** Runs the body so that it is cut, if it waits: each time in another way. */
  private static void cutInTurn(int turn, CancelScope.Body<IOException> body) throws IOException {
    switch (turn % 4) {
      case 0 -> body.run();
      case 1 -> CancelScope.within(Duration.ofMillis(1)).run(body);
      case 2 -> {
        CancelScope cancelled = CancelScope.open("cancelled");
        cancelled.cancel("before it began");
        cancelled.run(body);
      }
      default -> {
        Thread.currentThread().interrupt();
        body.run();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReadOrWriteContinuesACutHandshake(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.openRelayed(tls, SocketSettings.standard())) {
      pair.socket().setReadTimeout(Duration.ofMillis(20));
      FutureTask<Void> there = pair.peerHandshake();
      pair.relayOrThrow().forward(17);
      assertThrows(CutTimeoutException.class, () -> pair.out().write(1));
      assertEquals("SSL_NULL_WITH_NULL_NULL", pair.socket().getSession().getCipherSuite());
      assertThrows(CutTimeoutException.class, () -> pair.in().read());
      pair.relayOrThrow().forwardAll();
      pair.socket().setReadTimeout(Duration.ZERO);
      assertEquals(tls.protocol, pair.socket().getSession().getProtocol());
      there.get();
      pair.settle();
    }
  }

  // ---- reads

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void aReadCutAfterEveryByteOfARecordLosesNothing(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.openRelayed(tls, SocketSettings.standard())) {
      byte[] sent = random(100);
      Relay relay = pair.relayOrThrow();
      relay.forward(100_000);
      pair.handshaken();
      pair.settle();
      relay.drainPermits();
      pair.peer().getOutputStream().write(sent);
      pair.socket().setReadTimeout(Duration.ofMillis(2));
      AtomicInteger cuts = new AtomicInteger();
      FutureTask<byte[]> reads =
          new FutureTask<>(() -> {
            byte[] got = new byte[200];
            for (; ; ) {
              int turn = cuts.get();
              try {
                int[] n = {0};
                cutInTurn(turn, () -> n[0] = pair.in().read(got));
                return Arrays.copyOf(got, n[0]);
              } catch (CancelledIOException | CutTimeoutException e) {
                Thread.interrupted();
                cuts.incrementAndGet();
                relay.forward(1);
              }
            }
          });
      kind.start(reads);
      assertArrayEquals(sent, reads.get());
      assertTrue(cuts.get() > 100, () -> "only " + cuts + " cuts");
    }
  }

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void cancelAndInterruptCutAReadThatWaits(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      CancelScope scope = CancelScope.open("job");
      FutureTask<Integer> cancelled = new FutureTask<>(() -> scope.call(() -> pair.in().read()));
      kind.start(cancelled);
      pair.awaitReader();
      scope.cancel("enough");
      CancelledIOException cut = Futures.failure(CancelledIOException.class, cancelled);
      assertEquals("enough", cut.cut().reason());
      assertEquals(Operation.READ, cut.cut().call());

      FutureTask<Boolean> interrupted =
          new FutureTask<>(() -> {
            assertThrows(CancelledIOException.class, () -> pair.in().read());
            return Thread.interrupted();
          });
      Thread reader = kind.start(interrupted);
      pair.awaitReader();
      reader.interrupt();
      assertTrue(interrupted.get(), "the status stays set");
      pair.settle();
    }
  }

  @ParameterizedTest
  @EnumSource
  void availableIsAPromiseForOneRead(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      pair.peer().getOutputStream().write(new byte[] {1, 2, 3});
      assertEquals(1, pair.in().read());
      CancelScope before = CancelScope.open("cancelled before");
      before.cancel("no promise stands");
      assertEquals(0, before.<Integer, IOException>call(() -> pair.in().available()));
      CancelScope after = CancelScope.open("cancelled after");
      after.run(() -> {
        assertEquals(2, pair.in().available());
        after.cancel("a promise stands");
        assertEquals(2, pair.in().available());
        assertEquals(2, pair.in().read());
        assertThrows(CancelledIOException.class, () -> pair.in().read());
      });
      assertEquals(3, pair.in().read());
    }
  }

  // ---- writes

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void writesCutWhenJammedCountExactlyAndGoOn(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      byte[] whole = random(2 * MIB);
      FutureTask<Integer> jammed =
          new FutureTask<>(() -> {
            int accepted = 0;
            for (int cuts = 0; cuts < 4 || accepted == 0; cuts++) {
              int from = accepted;
              CutTimeoutException cut =
                  assertThrows(
                      CutTimeoutException.class,
                      () -> within(30, () -> pair.out().write(whole, from, whole.length - from)));
              assertEquals(cut.bytesMoved(), cut.bytesTransferred);
              accepted += cut.bytesTransferred;
            }
            return accepted;
          });
      kind.start(jammed);
      int accepted = jammed.get();
      FutureTask<byte[]> there = pair.peerReads(whole.length);
      pair.out().write(whole, accepted, whole.length - accepted);
      assertArrayEquals(whole, there.get());
    }
  }

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void aCutWriteThatFitsTheCarryCompletes(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      byte[] chunk = random(50_000);
      CancelScope scope = CancelScope.open("jam");
      ByteArrayOutputStream accepted = new ByteArrayOutputStream();
      FutureTask<CancelledIOException> writes =
          new FutureTask<>(() ->
              scope.call(() -> {
                for (; ; ) {
                  try {
                    pair.out().write(chunk);
                    accepted.write(chunk);
                  } catch (CancelledIOException e) {
                    return e;
                  }
                }
              }));
      kind.start(writes);
      pair.awaitWriter();
      scope.cancel("jammed");
      assertEquals(0, writes.get().bytesMoved());
      // A kernel that has found room meanwhile may have taken the tail already.
      byte[] expected = accepted.toByteArray();
      assertArrayEquals(expected, pair.peerReads(expected.length).get());
      pair.settle();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCarryAlwaysWriteInACancelledScopeIsCarried(TlsCase tls) throws Exception {
    SocketSettings settings = SocketSettings.standard().withCarryAlways(true);
    try (TlsPair pair = TlsPair.open(tls, settings).handshaken()) {
      byte[] whole = random(40_000);
      FutureTask<byte[]> there = pair.peerReads(whole.length);
      CancelScope scope = CancelScope.open("cancelled");
      scope.cancel("before the write");
      scope.run(() -> pair.out().write(whole));
      assertArrayEquals(whole, there.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRecordThatCannotBeCarriedPoisonsTheOutput(TlsCase tls) throws Exception {
    SocketSettings settings =
        SocketSettings.standard().withCarryLimit(0).withWriteTimeout(Duration.ofMillis(50));
    try (TlsPair pair = TlsPair.open(tls, settings).handshaken()) {
      CutTimeoutException cut =
          assertThrows(CutTimeoutException.class, () -> pair.out().write(new byte[2 * MIB]));
      assertTrue(cut.bytesMoved() > 0);
      SocketException later = assertThrows(SocketException.class, () -> pair.out().write(1));
      assertTrue(later.getMessage().contains("poisoned"), later::getMessage);
      assertEquals(cut.bytesMoved(), pair.peerReads((int) cut.bytesMoved()).get().length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondWriterThatWaitsForItsTurnIsCut(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      FutureTask<Void> first =
          new FutureTask<>(() -> {
            pair.out().write(new byte[2 * MIB]);
            return null;
          });
      ThreadKind.PLATFORM.start(first);
      pair.awaitWriter();
      CutTimeoutException cut =
          assertThrows(
              CutTimeoutException.class,
              () -> CancelScope.within(Duration.ofMillis(20)).run(() -> pair.out().write(1)));
      assertEquals(0, cut.bytesMoved());
      assertEquals(2 * MIB, pair.peerReads(2 * MIB).get().length);
      first.get();
      pair.settle();
    }
  }

  // ---- both at once

  /** Both directions are jammed: an answer of the session itself must not stop the reader. */
  @ParameterizedTest
  @EnumSource
  void aReaderThatMustAnswerDoesNotWaitForAJammedWriter(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      pair.settle();
      byte[] out = random(2 * MIB);
      FutureTask<Void> writes =
          new FutureTask<>(() -> {
            pair.out().write(out);
            return null;
          });
      ThreadKind.VIRTUAL.start(writes);
      pair.awaitWriter();
      // New keys with TLS 1.3, a new handshake with TLS 1.2: either wants an answer.
      pair.peer().startHandshake();
      pair.peer().getOutputStream().write(5);
      assertEquals(5, pair.in().read(), "read while the output is still jammed");
      assertFalse(writes.isDone());
      FutureTask<byte[]> there = pair.peerReads(out.length);
      assertArrayEquals(out, there.get());
      writes.get();
      pair.settle();
    }
  }

  @ParameterizedTest
  @EnumSource
  void newKeysAreMadeInTheMiddleOfTraffic(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      byte[] chunk = random(60_000);
      FutureTask<Void> echo =
          new FutureTask<>(() -> {
            pair.peer().getInputStream().transferTo(pair.peer().getOutputStream());
            return null;
          });
      ThreadKind.PLATFORM.start(echo);
      for (int i = 0; i < 10; i++) {
        if (i % 3 == 0) {
          pair.socket().startHandshake();
        }
        pair.out().write(chunk);
        assertArrayEquals(chunk, pair.in().readNBytes(chunk.length));
      }
    }
  }

  // ---- close

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void closeEndsABlockedReaderAndNamesTheCloser(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      pair.settle();
      FutureTask<Integer> reads = new FutureTask<>(() -> pair.in().read());
      kind.start(reads);
      pair.awaitReader();
      pair.socket().close();
      CutSocketException cut = Futures.failure(CutSocketException.class, reads);
      assertInstanceOf(CutOrigin.class, cut.getCause());
      assertTrue(pair.socket().beneath.isClosed());
      assertEquals(-1, pair.peer().getInputStream().read(), "the peer was told");
    }
  }

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void closeEndsABlockedWriterWithItsExactCount(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      byte[] whole = random(2 * MIB);
      FutureTask<Void> writes =
          new FutureTask<>(() -> {
            pair.out().write(whole);
            return null;
          });
      kind.start(writes);
      pair.awaitWriter();
      pair.socket().close();
      CutSocketException cut = Futures.failure(CutSocketException.class, writes);
      int moved = (int) cut.bytesMoved();
      assertTrue(moved > 0);
      byte[] got = pair.peerReads(moved).get();
      assertArrayEquals(Arrays.copyOf(whole, moved), got);
      assertFalse(pair.socket().beneath.connection().tryEnter(), "the port is given back");
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeWithEverybodyInsideGivesTheDescriptorsBack(TlsCase tls) throws Exception {
    Assumptions.assumeTrue(Descriptors.canBeCounted());
    closeWithEverybodyInside(tls);
    long before = Descriptors.count();
    closeWithEverybodyInside(tls);
    Conditions.await("the descriptors of a closed pair", () -> Descriptors.count() <= before);
  }

  private static void closeWithEverybodyInside(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      pair.settle();
      FutureTask<Integer> reads = new FutureTask<>(() -> pair.in().read());
      FutureTask<Void> writes =
          new FutureTask<>(() -> {
            pair.out().write(new byte[2 * MIB]);
            return null;
          });
      ThreadKind.PLATFORM.start(reads);
      ThreadKind.VIRTUAL.start(writes);
      pair.awaitReader();
      pair.awaitWriter();
      pair.socket().close();
      Futures.failure(CutSocketException.class, reads);
      Futures.failure(CutSocketException.class, writes);
    }
  }

  @ParameterizedTest
  @MethodSource("casesAndKinds")
  void closeEndsAHandshake(TlsCase tls, ThreadKind kind) throws Exception {
    try (TlsPair pair = TlsPair.openRelayed(tls, SocketSettings.standard())) {
      FutureTask<Void> here =
          new FutureTask<>(() -> {
            pair.socket().startHandshake();
            return null;
          });
      kind.start(here);
      pair.awaitReader();
      pair.socket().close();
      Futures.failure(CutSocketException.class, here);
    }
  }

  /** The trust manager holds the engine's lock for as long as it likes; a close does not wait. */
  @ParameterizedTest
  @EnumSource(names = {"CLIENT_1_2", "CLIENT_1_3"})
  void closeDoesNotWaitForADelegatedTask(TlsCase tls) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (Pair plain = Pair.open(SocketSettings.standard())) {
      CleanSslSocket socket =
          new CleanSslSocketFactory(
                  TlsCredentials.trusting(new SlowTrust(asked, answer)), SocketSettings.standard())
              .createSocket(plain.socket(), "localhost", 1, true);
      socket.setEnabledProtocols(new String[] {tls.protocol});
      FutureTask<Void> here =
          new FutureTask<>(() -> {
            socket.startHandshake();
            return null;
          });
      ThreadKind.PLATFORM.start(here);
      FutureTask<Void> there =
          new FutureTask<>(() -> {
            SSLSocket peer =
                (SSLSocket)
                    TlsCredentials.server()
                        .getSocketFactory()
                        .createSocket(plain.peer(), null, true);
            peer.startHandshake();
            peer.getInputStream().read();
            return null;
          });
      ThreadKind.PLATFORM.start(there);
      asked.await();
      socket.close();
      assertTrue(socket.isClosed());
      assertFalse(here.isDone());
      answer.countDown();
      Futures.failure(IOException.class, here);
      Futures.failure(IOException.class, there);
    }
  }

  /** Trusts everybody, in its own time. */
  private static final class SlowTrust extends X509ExtendedTrustManager {
    private final CountDownLatch asked;
    private final CountDownLatch answer;

    SlowTrust(CountDownLatch asked, CountDownLatch answer) {
      this.asked = asked;
      this.answer = answer;
    }

    private void answer() throws CertificateException {
      asked.countDown();
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new CertificateException(e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      answer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      answer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      answer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeWithoutAutoCloseEndsABlockedReader(TlsCase tls) throws Exception {
    try (Pair plain = Pair.open(SocketSettings.standard())) {
      CleanSslSocketFactory factory =
          new CleanSslSocketFactory(TlsPair.context(tls.client), SocketSettings.standard());
      CleanSslSocket socket =
          tls.client
              ? factory.createSocket(plain.socket(), "localhost", 1, false)
              : factory.createSocket(plain.socket(), null, false);
      FutureTask<Void> reads =
          new FutureTask<>(() -> {
            socket.startHandshake();
            return null;
          });
      ThreadKind.VIRTUAL.start(reads);
      plain.awaitReader();
      socket.close();
      Futures.failure(CutSocketException.class, reads);
      assertTrue(socket.isClosed());
      assertFalse(plain.socket().isClosed());
    }
  }
}
