package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a TLS socket can do besides being cut, against a TLS socket of the JDK. */
@Timeout(60)
class TlsFeatureTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  // ---- the ends of the streams

  @ParameterizedTest
  @EnumSource
  void halfCloseEndsOurOutputOnly(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      byte[] request = TlsCutTest.random(100_000);
      FutureTask<byte[]> there =
          new FutureTask<>(() -> pair.peer().getInputStream().readAllBytes());
      ThreadKind.PLATFORM.start(there);
      pair.out().write(request);
      pair.socket().shutdownOutput();
      assertTrue(pair.socket().isOutputShutdown());
      assertThrows(SocketException.class, () -> pair.socket().getOutputStream());
      assertArrayEquals(request, there.get());
      if (tls.protocol.equals("TLSv1.3")) {
        pair.peer().getOutputStream().write(7);
        assertEquals(7, pair.in().read());
      }
      pair.peer().close();
      assertEquals(-1, pair.in().read());
      assertEquals(-1, pair.in().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFinStandsBehindACarriedTail(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      byte[] chunk = TlsCutTest.random(100_000);
      int accepted = jam(pair, chunk);
      CutTimeoutException cut =
          assertThrows(
              CutTimeoutException.class,
              () ->
                  CancelScope.within(Duration.ofMillis(20))
                      .run(() -> pair.socket().shutdownOutput()));
      assertEquals(Operation.SHUTDOWN_OUTPUT, cut.cut().call());
      assertFalse(pair.socket().isOutputShutdown());
      FutureTask<byte[]> there =
          new FutureTask<>(() -> pair.peer().getInputStream().readAllBytes());
      ThreadKind.PLATFORM.start(there);
      pair.socket().shutdownOutput();
      byte[] got = there.get();
      assertEquals(accepted * chunk.length, got.length);
      assertEquals(
          ByteBuffer.wrap(chunk), ByteBuffer.wrap(got, got.length - chunk.length, chunk.length));
    }
  }

  /**
   * Writes chunks until one waits in vain behind what is carried; returns how many were accepted.
   */
  private static int jam(TlsPair pair, byte[] chunk) throws IOException {
    int accepted = 0;
    boolean jammed = false;
    while (!jammed) {
      try {
        CancelScope.within(Duration.ofMillis(50)).run(() -> pair.out().write(chunk));
        accepted++;
      } catch (CutTimeoutException e) {
        assertEquals(0, e.bytesMoved());
        jammed = pair.socket().beneath.connection().output.carried() > 0;
      }
    }
    return accepted;
  }

  @ParameterizedTest
  @EnumSource
  void closeDeliversTheCarriedTailAndSaysGoodbye(TlsCase tls) throws Exception {
    try (TlsPair pair =
        TlsPair.open(tls, SocketSettings.standard().withCloseLimit(Duration.ofSeconds(20)))
            .handshaken()) {
      byte[] chunk = TlsCutTest.random(50_000);
      int accepted = jam(pair, chunk);
      pair.socket().close();
      assertTrue(pair.socket().isClosed());
      byte[] got = pair.peer().getInputStream().readAllBytes();
      assertEquals(accepted * chunk.length, got.length);
      assertThrows(SocketException.class, () -> pair.in().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theEndWithoutCloseNotifyIsWhatTheJdkMakesOfIt(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.openRelayed(tls, SocketSettings.standard())) {
      pair.relayOrThrow().forward(100_000);
      pair.handshaken();
      pair.settle();
      pair.relayOrThrow().endTowardsSocket();
      assertEquals(-1, pair.in().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theEndInAHandshakeIsAFailure(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.openRelayed(tls, SocketSettings.standard())) {
      pair.relayOrThrow().endTowardsSocket();
      SSLHandshakeException failed =
          assertThrows(SSLHandshakeException.class, () -> pair.socket().startHandshake());
      assertEquals("Remote host terminated the handshake", failed.getMessage());
      assertTrue(pair.socket().isClosed());
      SSLException later = assertThrows(SSLException.class, () -> pair.socket().startHandshake());
      assertSame(failed, later.getCause());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shutdownInputComplainsAsTheJdkDoes(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      pair.settle();
      FutureTask<Integer> reads = new FutureTask<>(() -> pair.in().read());
      ThreadKind.VIRTUAL.start(reads);
      pair.awaitReader();
      assertThrows(SSLException.class, () -> pair.socket().shutdownInput());
      assertTrue(pair.socket().isInputShutdown());
      assertEquals(-1, reads.get());
      assertThrows(SocketException.class, () -> pair.socket().getInputStream());
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAutoCloseTheSocketBeneathGoesOn(TlsCase tls) throws Exception {
    try (Pair plain = Pair.open(SocketSettings.standard())) {
      CleanSslSocketFactory factory =
          new CleanSslSocketFactory(TlsPair.context(tls.client), SocketSettings.standard());
      CleanSslSocket socket =
          tls.client
              ? factory.createSocket(plain.socket(), "localhost", 1, false)
              : factory.createSocket(plain.socket(), null, false);
      SSLSocket peer =
          (SSLSocket)
              TlsPair.context(!tls.client)
                  .getSocketFactory()
                  .createSocket(plain.peer(), "localhost", 1, false);
      peer.setUseClientMode(!tls.client);
      socket.setEnabledProtocols(new String[] {tls.protocol});
      FutureTask<byte[]> there =
          new FutureTask<>(() -> {
            peer.getOutputStream().write(5);
            byte[] got = peer.getInputStream().readAllBytes();
            peer.close();
            plain.peerOut().write(6);
            return got;
          });
      ThreadKind.PLATFORM.start(there);
      assertEquals(5, socket.getInputStream().read());
      socket.getOutputStream().write(8);
      socket.shutdownOutput();
      assertEquals(-1, socket.getInputStream().read());
      socket.close();
      assertArrayEquals(new byte[] {8}, there.get());
      assertFalse(plain.socket().isClosed());
      assertEquals(6, plain.in().read());
      assertThrows(SocketException.class, () -> socket.getInputStream());
    }
  }

  // ---- what is negotiated

  @ParameterizedTest
  @EnumSource
  void applicationProtocols(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls)) {
      offer(pair.socket(), "h2", "http/1.1");
      offer(pair.peer(), "http/1.1");
      assertNull(pair.socket().getApplicationProtocol());
      pair.handshaken();
      assertEquals("http/1.1", pair.socket().getApplicationProtocol());
      assertEquals("http/1.1", pair.peer().getApplicationProtocol());
    }
  }

  private static void offer(SSLSocket socket, String... protocols) {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER_1_2", "SERVER_1_3"})
  void anApplicationProtocolSelectorIsGivenTheSocket(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls)) {
      offer(pair.peer(), "one", "two");
      AtomicReference<SSLSocket> seen = new AtomicReference<>();
      pair.socket()
          .setHandshakeApplicationProtocolSelector((socket, offered) -> {
            seen.set(socket);
            return offered.get(1);
          });
      assertNotNull(pair.socket().getHandshakeApplicationProtocolSelector());
      pair.handshaken();
      assertEquals("two", pair.peer().getApplicationProtocol());
      assertSame(pair.socket(), seen.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theServerSeesTheNameThatTheClientAsksFor(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls)) {
      SSLSocket client = tls.client ? pair.socket() : pair.peer();
      SSLParameters parameters = client.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName("localhost")));
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      client.setSSLParameters(parameters);
      pair.handshaken();
      SSLSession session = (tls.client ? pair.peer() : pair.socket()).getSession();
      assertEquals(
          List.of(new SNIHostName("localhost")),
          ((ExtendedSSLSession) session).getRequestedServerNames());
    }
  }

  @ParameterizedTest
  @EnumSource
  void clientCertificates(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls)) {
      SSLSocket server = tls.client ? pair.peer() : pair.socket();
      server.setNeedClientAuth(true);
      assertTrue(server.getNeedClientAuth());
      pair.handshaken();
      pair.settle();
      assertEquals("CN=client", server.getSession().getPeerPrincipal().getName());
    }
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      SSLSocket server = tls.client ? pair.peer() : pair.socket();
      assertThrows(SSLPeerUnverifiedException.class, () -> server.getSession().getPeerPrincipal());
    }
  }

  @ParameterizedTest
  @EnumSource
  void handshakeListenersAreTold(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls)) {
      AtomicReference<HandshakeCompletedEvent> seen = new AtomicReference<>();
      CountDownLatch told = new CountDownLatch(1);
      pair.socket()
          .addHandshakeCompletedListener(event -> {
            seen.set(event);
            told.countDown();
          });
      pair.handshaken();
      assertTrue(told.await(20, TimeUnit.SECONDS));
      assertSame(pair.socket(), seen.get().getSocket());
      assertEquals(tls.protocol, seen.get().getSession().getProtocol());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHandshakeThatFailsClosesTheSocketAndTellsThePeer(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls)) {
      pair.socket().setEnabledProtocols(new String[] {"TLSv1.3"});
      pair.peer().setEnabledProtocols(new String[] {"TLSv1.2"});
      FutureTask<Void> there = pair.peerHandshake();
      assertThrows(SSLException.class, () -> pair.socket().startHandshake());
      assertTrue(pair.socket().isClosed());
      SSLException told = Futures.failure(SSLException.class, there);
      assertTrue(
          told.getMessage().contains("protocol_version") || told.getMessage().contains("protocol"),
          told::getMessage);
    }
  }

  @Test
  void endpointIdentificationRefusesAWrongName() throws Exception {
    try (SSLServerSocket listener = jdkListener()) {
      FutureTask<Void> there = acceptAndHandshake(listener);
      CleanSslSocketFactory factory =
          new CleanSslSocketFactory(TlsCredentials.client(), SocketSettings.standard());
      try (CleanSslSocket socket = factory.createSocket(LOOPBACK, listener.getLocalPort())) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        assertThrows(SSLHandshakeException.class, () -> socket.startHandshake());
        // A peer that still writes its flight when the connection ends may not come to the alert.
        IOException told = Futures.failure(IOException.class, there);
        assertTrue(
            told instanceof SocketException || told.getMessage().contains("certificate"),
            told::toString);
      }
    }
  }

  private static SSLServerSocket jdkListener() throws IOException {
    return (SSLServerSocket)
        TlsCredentials.server().getServerSocketFactory().createServerSocket(0, 5, LOOPBACK);
  }

  /** Accepts one connection, handshakes, and answers each byte until the end. */
  private static FutureTask<Void> acceptAndHandshake(SSLServerSocket listener) {
    FutureTask<Void> there =
        new FutureTask<>(() -> {
          try (SSLSocket accepted = (SSLSocket) listener.accept()) {
            accepted.startHandshake();
            accepted.getInputStream().transferTo(accepted.getOutputStream());
          }
          return null;
        });
    ThreadKind.PLATFORM.start(there);
    return there;
  }

  @ParameterizedTest
  @EnumSource(names = {"CLIENT_1_2", "CLIENT_1_3"})
  void sessionsAreResumed(TlsCase tls) throws Exception {
    SSLContext context = TlsCredentials.client();
    CleanSslSocketFactory factory = new CleanSslSocketFactory(context, SocketSettings.standard());
    List<Long> created = new ArrayList<>();
    try (SSLServerSocket listener = jdkListener()) {
      for (int i = 0; i < 2; i++) {
        FutureTask<Void> there = acceptAndHandshake(listener);
        try (CleanSslSocket socket = factory.createSocket("localhost", listener.getLocalPort())) {
          socket.setEnabledProtocols(new String[] {tls.protocol});
          socket.setEnableSessionCreation(i == 0);
          socket.getOutputStream().write(3);
          assertEquals(3, socket.getInputStream().read());
          created.add(socket.getSession().getCreationTime());
        }
        there.get();
      }
    }
    assertEquals(created.get(0), created.get(1), "the second session is the first one resumed");
  }

  // ---- factories

  @Test
  void anUnconnectedSocketKeepsItsSettingsWhenItConnects() throws Exception {
    try (SSLServerSocket listener = jdkListener()) {
      FutureTask<Void> there = acceptAndHandshake(listener);
      CleanSslSocketFactory factory =
          new CleanSslSocketFactory(TlsCredentials.client(), SocketSettings.standard());
      try (CleanSslSocket socket = factory.createSocket()) {
        assertFalse(socket.isConnected());
        assertThrows(SocketException.class, () -> socket.startHandshake());
        assertThrows(SocketException.class, () -> socket.getInputStream());
        assertEquals("SSL_NULL_WITH_NULL_NULL", socket.getSession().getCipherSuite());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress("localhost", listener.getLocalPort()), 5_000);
        socket.getOutputStream().write(3);
        assertEquals(3, socket.getInputStream().read());
        assertEquals("TLSv1.2", socket.getSession().getProtocol());
        assertEquals(10_000, socket.getSoTimeout());
        assertTrue(socket.isBound() && socket.isConnected());
        assertEquals(listener.getLocalPort(), socket.getPort());
      }
      there.get();
    }
  }

  @Test
  void clientAndServerAreBothOurs() throws Exception {
    CleanSslServerSocketFactory servers =
        new CleanSslServerSocketFactory(TlsCredentials.server(), SocketSettings.standard());
    CleanSslSocketFactory clients =
        new CleanSslSocketFactory(TlsCredentials.client(), SocketSettings.standard());
    try (CleanSslServerSocket listener = servers.createServerSocket(0, 5, LOOPBACK)) {
      listener.setNeedClientAuth(true);
      assertTrue(listener.getNeedClientAuth());
      assertThrows(
          CutTimeoutException.class,
          () -> CancelScope.within(Duration.ofMillis(5)).run(() -> listener.accept()));
      FutureTask<String> there =
          new FutureTask<>(() -> {
            try (CleanSslSocket accepted = listener.accept()) {
              accepted.getInputStream().transferTo(accepted.getOutputStream());
              return accepted.getSession().getPeerPrincipal().getName();
            }
          });
      ThreadKind.VIRTUAL.start(there);
      try (CleanSslSocket socket =
          clients.createSocket("localhost", listener.getLocalPort(), LOOPBACK, 0)) {
        byte[] sent = TlsCutTest.random(300_000);
        FutureTask<byte[]> reads = new FutureTask<>(() -> socket.getInputStream().readAllBytes());
        ThreadKind.VIRTUAL.start(reads);
        socket.getOutputStream().write(sent);
        socket.shutdownOutput();
        assertArrayEquals(sent, reads.get());
      }
      assertEquals("CN=client", there.get());
    }
  }

  @Test
  void bytesReadBeforeTheServersHandshakeAreGivenBack() throws Exception {
    try (Pair plain = Pair.open(SocketSettings.standard())) {
      SSLSocket peer =
          (SSLSocket)
              TlsCredentials.client()
                  .getSocketFactory()
                  .createSocket(plain.peer(), "localhost", 1, true);
      FutureTask<Integer> there =
          new FutureTask<>(() -> {
            peer.getOutputStream().write(4);
            return peer.getInputStream().read();
          });
      ThreadKind.PLATFORM.start(there);
      byte[] peeked = plain.in().readNBytes(3);
      CleanSslSocketFactory factory =
          new CleanSslSocketFactory(TlsCredentials.server(), SocketSettings.standard());
      try (CleanSslSocket socket =
          factory.createSocket(plain.socket(), new ByteArrayInputStream(peeked), true)) {
        assertEquals(4, socket.getInputStream().read());
        socket.getOutputStream().write(9);
        assertEquals(9, there.get());
      }
    }
  }

  @Test
  void anythingButACleanSocketBeneathIsRefused() throws Exception {
    CleanSslSocketFactory factory = new CleanSslSocketFactory();
    IllegalArgumentException foreign =
        assertThrows(
            IllegalArgumentException.class,
            () -> factory.createSocket(new Socket(), "localhost", 1, true));
    assertEquals(
        "TLS over a java.net.Socket cannot be cut cleanly; give a connected"
            + " dev.cleanbreak.CleanSocket",
        foreign.getMessage());
    try (CleanSslSocket tls = factory.createSocket()) {
      IllegalArgumentException nested =
          assertThrows(
              IllegalArgumentException.class,
              () -> factory.createSocket(tls, "localhost", 1, true));
      assertTrue(nested.getMessage().contains("TLS in TLS"), nested::getMessage);
    }
    try (CleanSocket unconnected = new CleanSocket()) {
      assertThrows(
          SocketException.class, () -> factory.createSocket(unconnected, "localhost", 1, true));
    }
    assertThrows(NullPointerException.class, () -> factory.createSocket((InetAddress) null, 1));
    assertThrows(UnknownHostException.class, () -> factory.createSocket("no.such.invalid", 1));
    assertThrows(
        NullPointerException.class,
        () -> new CleanSslSocketFactory(null, SocketSettings.standard()));
    assertTrue(CleanSslSocketFactory.getDefault() instanceof CleanSslSocketFactory);
    assertTrue(factory.getDefaultCipherSuites().length > 0);
  }

  @Test
  void abortResetsTheConnection() throws Exception {
    try (TlsPair pair = TlsPair.open(TlsCase.CLIENT_1_3).handshaken()) {
      pair.settle();
      pair.socket().abort();
      assertThrows(IOException.class, () -> pair.peer().getInputStream().read());
      assertTrue(pair.socket().isClosed());
    }
  }
}
