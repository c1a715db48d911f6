package dev.cleanbreak.drivers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A slow link to a server. It can be made to hold what comes back; connections made later, such as
 * those of a cancel request, pass unhindered.
 */
final class SlowLink implements AutoCloseable {
  private static final int PIECE = 16 * 1024;
  private static final long PAUSE_NANOS = 5_000_000;

  /** The first bytes pass at full speed: a login is not what is to be slow. */
  private static final long FREE = 16 * 1024;

  private final ServerSocket listener;
  private final int server;
  private final List<SocketChannel> fillers = new ArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicLong toClient = new AtomicLong();
  private final AtomicLong toServer = new AtomicLong();
  private volatile boolean slow = true;
  private volatile boolean held;
  private volatile boolean holding;

  SlowLink(int server) throws IOException {
    this(server, false);
  }

  /** A port that lets nobody in, not even into its queue: who connects to it waits. */
  static SlowLink deaf() throws IOException {
    return new SlowLink(0, true);
  }

  private SlowLink(int server, boolean deaf) throws IOException {
    this.server = server;
    listener = new ServerSocket();
    listener.setReceiveBufferSize(64 * 1024);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), deaf ? 1 : 50);
    if (deaf) {
      fillQueue();
    } else {
      Thread.ofVirtual().start(this::acceptAll);
    }
  }

  private void fillQueue() throws IOException {
    while (dialling() == 0) {
      SocketChannel filler = SocketChannel.open();
      fillers.add(filler);
      filler.configureBlocking(false);
      filler.connect(listener.getLocalSocketAddress());
    }
  }

  /** Whether a client waits to be let in. Linux only. */
  boolean isDialled() throws IOException {
    return dialling() > 1;
  }

  /** How many connections to this port have been asked for and not been answered. */
  private int dialling() throws IOException {
    String pattern = String.format(Locale.ROOT, ".*:%04X 02 .*", port());
    int count = 0;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        if (line.matches(pattern)) {
          count++;
        }
      }
    }
    return count;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many bytes the first client has been sent. */
  long toClient() {
    return toClient.get();
  }

  /** How many bytes of the first client have been passed on. */
  long toServer() {
    return toServer.get();
  }

  /** What the server says to the first client stays here. */
  void hold() {
    held = true;
  }

  /** Whether something that the first client waits for is held here. */
  boolean isHolding() {
    return holding;
  }

  /** From now on everything passes at once. */
  void release() {
    held = false;
    slow = false;
  }

  private void acceptAll() {
    boolean first = true;
    try {
      while (true) {
        Socket client = listener.accept();
        Socket onward = new Socket(InetAddress.getLoopbackAddress(), server);
        sockets.add(client);
        sockets.add(onward);
        boolean hinder = first;
        first = false;
        AtomicLong up = hinder ? toServer : new AtomicLong();
        AtomicLong down = hinder ? toClient : new AtomicLong();
        Thread.ofVirtual().start(() -> pump(client, onward, up, hinder, false));
        Thread.ofVirtual().start(() -> pump(onward, client, down, hinder, hinder));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void pump(Socket from, Socket to, AtomicLong count, boolean hinder, boolean holds) {
    byte[] piece = new byte[PIECE];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        holding |= holds && held;
        while (holds && held && !to.isClosed()) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        out.write(piece, 0, n);
        if (count.addAndGet(n) > FREE && hinder && slow) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    } catch (IOException e) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    release();
    for (SocketChannel each : fillers) {
      each.close();
    }
    for (Socket each : sockets) {
      each.close();
    }
  }
}
