package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A TLS socket under test, connected over loopback to a TLS socket of the JDK. */
record TlsPair(CleanSslSocket socket, SSLSocket peer, @Nullable Relay relay)
    implements AutoCloseable {
  private static final int SMALL = 64 * 1024;

  static TlsPair open(TlsCase tls) throws IOException {
    return open(tls, SocketSettings.standard(), false);
  }

  /** What the peer sends goes through a relay that forwards it only as it is told. */
  static TlsPair openRelayed(TlsCase tls, SocketSettings settings) throws IOException {
    return open(tls, settings, true);
  }

  static TlsPair open(TlsCase tls, SocketSettings settings) throws IOException {
    return open(tls, settings, false);
  }

  private static TlsPair open(TlsCase tls, SocketSettings settings, boolean relayed)
      throws IOException {
    try (ServerSocket listener = new ServerSocket()) {
      listener.setReceiveBufferSize(SMALL);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      Relay relay = relayed ? new Relay(listener.getLocalSocketAddress()) : null;
      CleanSocket raw = new CleanSocket(settings);
      raw.setSendBufferSize(SMALL);
      raw.connect(relay == null ? listener.getLocalSocketAddress() : relay.address());
      if (relay != null) {
        relay.start();
      }
      Socket rawPeer = listener.accept();
      CleanSslSocketFactory factory = new CleanSslSocketFactory(context(tls.client), settings);
      CleanSslSocket socket =
          tls.client
              ? factory.createSocket(raw, "localhost", raw.getPort(), true)
              : factory.createSocket(raw, null, true);
      SSLSocket peer =
          (SSLSocket)
              context(!tls.client)
                  .getSocketFactory()
                  .createSocket(rawPeer, "localhost", rawPeer.getPort(), true);
      peer.setUseClientMode(!tls.client);
      String[] protocols = {tls.protocol};
      socket.setEnabledProtocols(protocols);
      peer.setEnabledProtocols(protocols);
      return new TlsPair(socket, peer, relay);
    }
  }

  static SSLContext context(boolean client) {
    return client ? TlsCredentials.client() : TlsCredentials.server();
  }

  /** Handshakes on both sides. */
  TlsPair handshaken() throws Exception {
    FutureTask<Void> there = peerHandshake();
    try {
      socket.startHandshake();
    } catch (IOException e) {
      peer.close();
      throw e;
    }
    there.get();
    return this;
  }

  FutureTask<Void> peerHandshake() {
    FutureTask<Void> there =
        new FutureTask<>(() -> {
          peer.startHandshake();
          return null;
        });
    Thread.ofPlatform().daemon().name("peer").start(there);
    return there;
  }

  /** Reads at the peer, in another thread, until {@code length} bytes have come. */
  FutureTask<byte[]> peerReads(int length) {
    FutureTask<byte[]> reads = new FutureTask<>(() -> peer.getInputStream().readNBytes(length));
    Thread.ofPlatform().daemon().name("peer").start(reads);
    return reads;
  }

  /** Makes sure that nothing of the handshake, such as a ticket, is still on its way. */
  void settle() throws IOException, ExecutionException, InterruptedException {
    FutureTask<byte[]> there = peerReads(1);
    out().write(1);
    there.get();
    peer.getOutputStream().write(1);
    in().read();
  }

  Relay relayOrThrow() {
    return java.util.Objects.requireNonNull(relay);
  }

  InputStream in() throws IOException {
    return socket.getInputStream();
  }

  OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  void awaitReader() {
    awaitIn(socket.beneath.connection().inputTurn);
  }

  void awaitWriter() {
    awaitIn(socket.beneath.connection().outputTurn);
  }

  private static void awaitIn(Direction direction) {
    Conditions.await(
        "a call that sleeps",
        () -> {
          Call call = direction.owner();
          return call != null && call.isAsleep();
        });
  }

  /** The TCP connection of the peer ends at once, so that no close of it waits. */
  @Override
  public void close() throws IOException {
    socket.close();
    if (!peer.isClosed()) {
      peer.setSoLinger(true, 0);
      peer.close();
    }
    if (relay != null) {
      relay.close();
    }
  }
}
