package dev.cleanbreak;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A program of its own for {@link CrowdTest}: a server whose clients say by their first byte what
 * their handlers do. It prints its port, "all here" once it has as many as it was told, and, when
 * its input ends, its report and what is left.
 */
final class Crowd {
  static final int IDLE = 0;
  static final int BUSY = 1;
  static final int DEAF = 2;

  private static final int BACKLOG = 1_000;
  private static final Duration GRACE = Duration.ofSeconds(6);

  private static final String NAME = "crowd";
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Crowd() {}

  public static void main(String[] args) {
    int status = 0;
    try {
      run(Integer.parseInt(args[0]));
    } catch (Throwable e) {
      e.printStackTrace();
      status = 1;
    }
    // After a failure the acceptor would keep this JVM.
    System.exit(status);
  }

  private static void run(int expected) throws Exception {
    AtomicInteger here = new AtomicInteger();
    CleanServer<CleanSocket> server = serve(here);
    // Poller, classes and all else that stays is there before the baseline.
    warmUp(Objects.requireNonNull(server.localAddress()));
    await(() -> server.connections() == 0);
    here.set(0);
    Set<String> before = descriptors();

    System.out.println(((InetSocketAddress) server.localAddress()).getPort());
    await(() -> here.get() == expected);
    System.out.println("all here");
    while (System.in.read() >= 0) {
      // The test is still at it.
    }
    ShutdownReport report = server.shutdown(GRACE);
    System.out.println(report.toString().lines().findFirst().orElseThrow());
    Set<String> left = descriptors();
    left.removeAll(before);
    System.out.println(
        "left: %d connections, %d descriptors, %d threads"
            .formatted(server.connections(), left.size(), threads()));
  }

  /** Without JUnit, which is not on this program's class path. */
  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + MOST_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("waited in vain");
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static CleanServer<CleanSocket> serve(AtomicInteger here) throws Exception {
    return CleanServer.on(
            new CleanServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()),
            ServerSettings.standard().withName(NAME),
            (socket, connection) -> {
              int what = socket.getInputStream().read();
              here.incrementAndGet();
              switch (what) {
                case IDLE -> connection.idle(socket.getInputStream()::read);
                case BUSY -> {
                  await(connection::isShuttingDown);
                  socket.getOutputStream().write(what);
                }
                default -> socket.getInputStream().read();
              }
            })
        .start();
  }

  private static void warmUp(SocketAddress address) throws Exception {
    try (SocketChannel client = SocketChannel.open(address)) {
      client.write(ByteBuffer.wrap(new byte[] {IDLE}));
      client.shutdownOutput();
      client.read(ByteBuffer.allocate(1));
    }
  }

  /** The sockets that are open; none where the system does not list them. */
  private static Set<String> descriptors() throws IOException {
    Set<String> found = new HashSet<>();
    File[] open = new File("/proc/self/fd").listFiles();
    for (File each : open == null ? new File[0] : open) {
      try {
        String what = Files.readSymbolicLink(each.toPath()).toString();
        if (what.startsWith("socket:")) {
          found.add(each.getName() + " " + what);
        }
      } catch (NoSuchFileException closed) {
        // Since the listing; the listing's own always is.
      }
    }
    return found;
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(each -> each.getName().startsWith(NAME))
        .count();
  }
}
