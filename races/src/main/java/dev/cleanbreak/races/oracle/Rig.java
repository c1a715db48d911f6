package dev.cleanbreak.races.oracle;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection: a socket under test on the fault transport, and a plain socket as its peer. */
final class Rig implements AutoCloseable {
  /** Against hanging only: nothing of this length is measured. */
  static final Duration GUARD = Duration.ofSeconds(20);

  /** What the buffers of a loopback connection hold without anybody reading. */
  private static final int BUFFERED = 64 * 1024;

  private final CleanSocket socket;
  private final Socket peer;
  private final Link link;
  private final ExecutorService peerThread;
  private @Nullable SSLSocket secured;
  private @Nullable SSLSocket securedPeer;

  private Rig(CleanSocket socket, Socket peer, Link link, ExecutorService peerThread) {
    this.socket = socket;
    this.peer = peer;
    this.link = link;
    this.peerThread = peerThread;
  }

  /** A plain connection. */
  static Rig open(Stand stand, SocketSettings settings, ExecutorService peerThread)
      throws IOException {
    CleanSocket socket = new CleanSocket(settings);
    socket.connect(stand.address());
    Socket peer = stand.accept(socket.getLocalPort());
    Link link = stand.transport().take(Objects.requireNonNull(socket.getLocalSocketAddress()));
    socket.setTcpNoDelay(true);
    peer.setTcpNoDelay(true);
    peer.setSoTimeout((int) GUARD.toMillis());
    // With a reset at the end no connection of the many waits in TIME_WAIT.
    peer.setSoLinger(true, 0);
    return new Rig(socket, peer, link, peerThread);
  }

  /** Puts TLS on top, without a handshake. */
  void secure(Tls tls, SSLContext context) throws IOException {
    secured = tls.client(context, socket);
    securedPeer = tls.server(context, peer);
  }

  /** Puts TLS on top and exchanges a byte each way, so that only data is on the wire from now. */
  void secureAndShakeHands(Tls tls, SSLContext context) throws IOException {
    secure(tls, context);
    Future<?> theirs = onPeer(() -> tlsPeer().startHandshake());
    CancelScope.within(GUARD).run(() -> tlsSocket().startHandshake());
    await(theirs);
    pingOut();
    pingIn();
  }

  CleanSocket socket() {
    return socket;
  }

  Link link() {
    return link;
  }

  boolean isSecure() {
    return secured != null;
  }

  SSLSocket tlsSocket() {
    return Objects.requireNonNull(secured);
  }

  SSLSocket tlsPeer() {
    return Objects.requireNonNull(securedPeer);
  }

  // ---- the streams that the application sees

  OutputStream out() throws IOException {
    return secured == null ? socket.getOutputStream() : secured.getOutputStream();
  }

  InputStream in() throws IOException {
    return secured == null ? socket.getInputStream() : secured.getInputStream();
  }

  // ---- the peer

  InputStream peerIn() throws IOException {
    return securedPeer == null ? peer.getInputStream() : securedPeer.getInputStream();
  }

  OutputStream peerOut() throws IOException {
    return securedPeer == null ? peer.getOutputStream() : securedPeer.getOutputStream();
  }

  /** Something that the peer does; in its own thread. */
  interface PeerWork {
    void run() throws Exception;
  }

  Future<?> onPeer(PeerWork work) {
    return peerThread.submit(() -> {
      work.run();
      return Boolean.TRUE;
    });
  }

  /** Whether a message is too large to be left in the buffers until the peer comes for it. */
  static boolean overflows(int bytes) {
    return bytes > BUFFERED;
  }

  /** Lets the peer do {@code work}: at once if the buffers hold {@code bytes}, else beside us. */
  Future<?> peerMoves(int bytes, PeerWork work) throws IOException {
    if (overflows(bytes)) {
      return onPeer(work);
    }
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new Broken("the peer failed", e);
    }
    return CompletableFuture.completedFuture(Boolean.TRUE);
  }

  static void await(Future<?> peerWork) {
    try {
      peerWork.get(GUARD.toSeconds() * 2, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new Broken("the peer failed", e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new Broken("the peer waits in vain");
    } catch (InterruptedException e) {
      throw new Broken("a stray interrupt", e);
    }
  }

  /** One byte to the peer: the output works. */
  void pingOut() throws IOException {
    byte[] sent = {(byte) (link.out.passed() * 31)};
    CancelScope.within(GUARD)
        .run(() -> {
          out().write(sent);
          socket.getOutputStream().flush();
        });
    int got = peerIn().read();
    Broken.unless(got == (sent[0] & 0xff), "the peer got " + got + " for a later byte");
  }

  /** One byte from the peer: the input works. */
  void pingIn() throws IOException {
    byte[] sent = {(byte) (link.in.passed() * 31)};
    peerOut().write(sent);
    int got = CancelScope.within(GUARD).call(() -> in().read());
    Broken.unless(got == (sent[0] & 0xff), "got " + got + " for a later byte of the peer");
  }

  /** Ends both sides with a reset; nothing waits. */
  @Override
  public void close() throws IOException {
    link.in.disarm();
    link.out.disarm();
    socket.abort();
    peer.close();
  }
}
