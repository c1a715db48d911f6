package dev.cleanbreak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.Semaphore;

/**
 * Stands between a socket and its peer. What the socket sends passes; what the peer sends passes
 * byte by byte as {@link #forward} allows it.
 */
final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final Socket toPeer;
  private final Semaphore allowed = new Semaphore(0);
  private volatile boolean open;
  private volatile Socket toSocket;

  Relay(SocketAddress peer) throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    toPeer = new Socket();
    toPeer.connect(peer);
  }

  SocketAddress address() {
    return listener.getLocalSocketAddress();
  }

  /** Begins, once the socket has connected. */
  void start() throws IOException {
    Socket fromSocket = listener.accept();
    toSocket = fromSocket;
    fromSocket.setTcpNoDelay(true);
    toPeer.setTcpNoDelay(true);
    Thread.ofPlatform().daemon().name("relay-out").start(() -> pump(fromSocket, toPeer, false));
    Thread.ofPlatform().daemon().name("relay-in").start(() -> pump(toPeer, fromSocket, true));
  }

  private void pump(Socket from, Socket to, boolean byPermit) {
    byte[] buffer = new byte[16 * 1024];
    try (from;
        to) {
      for (; ; ) {
        boolean one = byPermit && !open;
        if (one) {
          allowed.acquireUninterruptibly();
        }
        int n = from.getInputStream().read(buffer, 0, one ? 1 : buffer.length);
        if (n < 0) {
          to.shutdownOutput();
          return;
        }
        to.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One side is gone, and both are closed.
    }
  }

  /** Lets {@code bytes} more of the peer's bytes pass. */
  void forward(int bytes) {
    allowed.release(bytes);
  }

  /** Takes back what was allowed and has not been used. */
  void drainPermits() {
    allowed.drainPermits();
  }

  /** Ends the connection towards the socket, behind what has passed. */
  void endTowardsSocket() throws IOException {
    toSocket.shutdownOutput();
  }

  /** From now on everything passes. */
  void forwardAll() {
    open = true;
    allowed.release(1);
  }

  @Override
  public void close() throws IOException {
    forwardAll();
    listener.close();
    toPeer.close();
  }
}
