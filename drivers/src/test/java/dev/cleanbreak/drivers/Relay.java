package dev.cleanbreak.drivers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a client and a real server, counts bytes, and can stop them: what no real server
 * can be asked for.
 */
final class Relay implements AutoCloseable {
  private static final int BACKLOG = 1;

  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final boolean onlyFirst;
  private final Gate toServer = new Gate();
  private final Gate toClient = new Gate();
  private final CountDownLatch accepting = new CountDownLatch(1);
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> fillers = new ArrayList<>();
  private final Set<Integer> fillerPorts = new HashSet<>();
  private volatile CountDownLatch fillersTaken = new CountDownLatch(0);

  private Relay(InetSocketAddress server, ServerSocket listener, boolean onlyFirst)
      throws IOException {
    this.server = server;
    this.listener = listener;
    this.onlyFirst = onlyFirst;
    // Small, so that a large write is stopped early.
    listener.setReceiveBufferSize(64 * 1024);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    Thread.ofPlatform().daemon().name("relay-accept").start(this::accept);
  }

  static Relay open(InetSocketAddress server) throws IOException {
    return open(server, new ServerSocket(), false);
  }

  /** One that stops only its first connection's bytes: not those of a cancel request. */
  static Relay hinderingFirst(InetSocketAddress server) throws IOException {
    return open(server, new ServerSocket(), true);
  }

  /** One that ends TLS in front of a server that has none. */
  static Relay endOfTls(InetSocketAddress server) throws IOException {
    return open(
        server, TlsCredentials.server().getServerSocketFactory().createServerSocket(), false);
  }

  private static Relay open(InetSocketAddress server, ServerSocket listener, boolean onlyFirst)
      throws IOException {
    Relay relay = new Relay(server, listener, onlyFirst);
    relay.accepting.countDown();
    return relay;
  }

  /** One whose backlog is full: a connect to it waits until {@link #release}. */
  static Relay full(InetSocketAddress server) throws Exception {
    Relay relay = new Relay(server, new ServerSocket(), false);
    boolean taken;
    do {
      SocketChannel filler = SocketChannel.open();
      filler.configureBlocking(false);
      filler.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      taken = filler.connect(relay.address());
      // On loopback a connect that finds room is done at once, or a moment later.
      for (int look = 0; !taken && look < 100; look++) {
        Thread.onSpinWait();
        taken = filler.finishConnect();
        if (!taken) {
          Thread.sleep(1);
        }
      }
      relay.fillers.add(filler);
      relay.fillerPorts.add(((InetSocketAddress) filler.getLocalAddress()).getPort());
    } while (taken);
    relay.fillersTaken = new CountDownLatch(relay.fillers.size() - 1);
    return relay;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      accepting.await();
      for (; ; ) {
        Socket client = listener.accept();
        if (fillerPorts.contains(client.getPort())) {
          client.close();
          fillersTaken.countDown();
          continue;
        }
        boolean hindered = accepted.getAndIncrement() == 0 || !onlyFirst;
        clients.add(client);
        Socket peer = new Socket();
        peer.connect(server);
        client.setTcpNoDelay(true);
        peer.setTcpNoDelay(true);
        pump("relay-out", client, peer, hindered ? toServer : new Gate());
        pump("relay-in", peer, client, hindered ? toClient : new Gate());
      }
    } catch (IOException | InterruptedException e) {
      // The listener was closed: the end.
    }
  }

  private static void pump(String name, Socket from, Socket to, Gate gate) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          byte[] buffer = new byte[16 * 1024];
          try (from;
              to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (; ; ) {
              int n = in.read(buffer);
              if (n < 0) {
                return;
              }
              for (int passed = 0; passed < n; ) {
                int next = gate.pass(n - passed);
                out.write(buffer, passed, next);
                passed += next;
              }
            }
          } catch (IOException e) {
            // One side is gone, and both are closed.
          }
        });
  }

  /** From now on {@code bytes} more of the client's bytes pass, and then none. */
  void holdRequests(long bytes) {
    toServer.hold(bytes);
  }

  /** From now on {@code bytes} more of the server's bytes pass, and then none. */
  void holdReplies(long bytes) {
    toClient.hold(bytes);
  }

  /** Everything passes, and connects are taken. */
  void release() throws IOException {
    for (SocketChannel filler : fillers) {
      filler.close();
    }
    fillers.clear();
    accepting.countDown();
    toServer.open();
    toClient.open();
    try {
      // Else the next connect finds the backlog full still, and tries again a second later.
      fillersTaken.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long bytesToServer() {
    return toServer.count.get();
  }

  long bytesToClient() {
    return toClient.count.get();
  }

  /** Whether something that the server has said is held here. */
  boolean repliesAreHeld() {
    return toClient.isHolding();
  }

  /** Whether something that the client has said is held here. */
  boolean requestsAreHeld() {
    return toServer.isHolding();
  }

  /** The connections that were ever made by the client. */
  int accepted() {
    return accepted.get();
  }

  /** The connections that are there now. */
  long open() {
    return clients.stream().filter(client -> !client.isClosed()).count();
  }

  @Override
  public void close() throws IOException {
    release();
    listener.close();
    for (Socket client : clients) {
      client.close();
    }
  }

  /** Lets a number of bytes pass. */
  private static final class Gate {
    final AtomicLong count = new AtomicLong();
    private long left = Long.MAX_VALUE;
    private int held;

    /** Waits until bytes may pass; returns how many do, at most {@code wish}. */
    synchronized int pass(int wish) {
      boolean interrupted = false;
      held++;
      while (left <= 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      held--;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      int passing = (int) Math.min(wish, left);
      left -= passing;
      count.addAndGet(passing);
      return passing;
    }

    synchronized void hold(long bytes) {
      left = bytes;
    }

    synchronized void open() {
      left = Long.MAX_VALUE;
      notifyAll();
    }

    synchronized boolean isHolding() {
      return held > 0;
    }
  }
}
