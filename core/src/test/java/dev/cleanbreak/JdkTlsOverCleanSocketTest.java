package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A TLS socket of the JDK over a clean socket: it keeps its place through every cut, too. */
@Timeout(60)
class JdkTlsOverCleanSocketTest {
  /** The JDK's TLS over the clean socket of a pair of ours, which is the peer. */
  private static SSLSocket layer(TlsCase tls, CleanSocket socket) throws Exception {
    SSLSocket layered =
        (SSLSocket)
            TlsPair.context(tls.client)
                .getSocketFactory()
                .createSocket(socket, "localhost", socket.getPort(), true);
    layered.setUseClientMode(tls.client);
    layered.setEnabledProtocols(new String[] {tls.protocol});
    return layered;
  }

  private static FutureTask<SSLSocket> peer(TlsCase tls, Pair plain) {
    FutureTask<SSLSocket> there =
        new FutureTask<>(() -> {
          SSLSocket peer =
              (SSLSocket)
                  TlsPair.context(!tls.client)
                      .getSocketFactory()
                      .createSocket(plain.peer(), "localhost", plain.peer().getPort(), true);
          peer.setUseClientMode(!tls.client);
          peer.startHandshake();
          return peer;
        });
    ThreadKind.PLATFORM.start(there);
    return there;
  }

  @ParameterizedTest
  @EnumSource
  void cutReadsLoseNothing(TlsCase tls) throws Exception {
    try (Pair plain = Pair.open(SocketSettings.standard())) {
      SSLSocket layered = layer(tls, plain.socket());
      FutureTask<SSLSocket> there = peer(tls, plain);
      layered.startHandshake();
      SSLSocket peer = there.get();
      byte[] sent = TlsCutTest.random(40_000);
      byte[] got = new byte[sent.length];
      int cuts = 0;
      for (int at = 0; at < sent.length; ) {
        if (cuts < 40) {
          assertThrows(
              CutTimeoutException.class,
              () ->
                  CancelScope.within(Duration.ofMillis(1))
                      .run(() -> layered.getInputStream().read()));
          cuts++;
          peer.getOutputStream().write(sent, at, 1000);
        }
        at += layered.getInputStream().readNBytes(got, at, 1000);
      }
      assertArrayEquals(sent, got);
      assertEquals(40, cuts);
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesCutWhenJammedAreCarriedAsWholeRecords(TlsCase tls) throws Exception {
    try (Pair plain = Pair.openNarrow(SocketSettings.standard())) {
      SSLSocket layered = layer(tls, plain.socket());
      FutureTask<SSLSocket> there = peer(tls, plain);
      layered.startHandshake();
      SSLSocket peer = there.get();
      byte[] record = TlsCutTest.random(10_000);
      ByteArrayOutputStream accepted = new ByteArrayOutputStream();
      while (plain.socket().stream().carried() == 0) {
        CancelScope.within(Duration.ofMillis(20))
            .run(() -> layered.getOutputStream().write(record));
        accepted.write(record);
      }
      byte[] expected = accepted.toByteArray();
      assertArrayEquals(expected, peer.getInputStream().readNBytes(expected.length));
      layered.getOutputStream().write(7);
      assertEquals(7, peer.getInputStream().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptCutsAReadAndKeepsTheSession(TlsCase tls) throws Exception {
    try (Pair plain = Pair.open(SocketSettings.standard())) {
      SSLSocket layered = layer(tls, plain.socket());
      FutureTask<SSLSocket> there = peer(tls, plain);
      layered.startHandshake();
      SSLSocket peer = there.get();
      for (ThreadKind kind : ThreadKind.values()) {
        FutureTask<Boolean> read =
            new FutureTask<>(() -> {
              assertThrows(CancelledIOException.class, () -> layered.getInputStream().read());
              return Thread.interrupted();
            });
        Thread reader = kind.start(read);
        plain.awaitReader();
        reader.interrupt();
        assertTrue(read.get());
      }
      peer.getOutputStream().write(1);
      assertEquals(1, layered.getInputStream().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCutHandshakeIsContinued(TlsCase tls) throws Exception {
    try (Pair plain = Pair.open(SocketSettings.standard())) {
      SSLSocket layered = layer(tls, plain.socket());
      for (int i = 0; i < 3; i++) {
        assertThrows(
            CutTimeoutException.class,
            () -> CancelScope.within(Duration.ofMillis(5)).run(() -> layered.startHandshake()));
      }
      FutureTask<SSLSocket> there = peer(tls, plain);
      layered.startHandshake();
      there.get().getOutputStream().write(3);
      assertEquals(3, layered.getInputStream().read());
    }
  }
}
