package dev.cleanbreak.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Many connections, on each of which a virtual thread blocks in a read. */
final class BlockedReads implements Closeable {
  private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long LOOK_EVERY_MILLIS = 5;
  private static final int SAMPLE = 10;

  private final Backlog peers = new Backlog();
  private final List<Socket> sockets = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch begun;
  private final CountDownLatch returned;
  private final AtomicLong lastReturn = new AtomicLong(Long.MIN_VALUE);

  private BlockedReads(int count) {
    begun = new CountDownLatch(count);
    returned = new CountDownLatch(count);
  }

  /**
   * Connects {@code count} sockets and returns once a read blocks on each.
   *
   * @param around the surroundings of each read
   */
  static BlockedReads open(SocketKind kind, int count, UnaryOperator<Runnable> around)
      throws IOException, InterruptedException, TimeoutException {
    BlockedReads reads = new BlockedReads(count);
    try {
      for (int i = 0; i < count; i++) {
        Socket socket = kind.connect(reads.peers);
        reads.sockets.add(socket);
        reads.threads.add(
            ThreadKind.VIRTUAL.start("reader", around.apply(() -> reads.read(socket))));
      }
      reads.awaitBlocked();
      return reads;
    } catch (IOException | InterruptedException | TimeoutException e) {
      reads.close();
      throw e;
    }
  }

  /** How many descriptors one connection of this kind costs while its read blocks. */
  static int descriptorsEach(SocketKind kind)
      throws IOException, InterruptedException, TimeoutException {
    // The first ones also pay for what all share.
    try (BlockedReads _ = open(kind, SAMPLE, UnaryOperator.identity())) {
      long before = Descriptors.open();
      try (BlockedReads _ = open(kind, SAMPLE, UnaryOperator.identity())) {
        return (int) Math.max(1, (Descriptors.open() - before) / SAMPLE);
      }
    }
  }

  private void read(Socket socket) {
    begun.countDown();
    try {
      socket.getInputStream().read();
      throw new IllegalStateException("a read came back where nothing was sent");
    } catch (IOException _) {
      // Cut, as it should be.
      lastReturn.accumulateAndGet(System.nanoTime(), Math::max);
    } finally {
      returned.countDown();
    }
  }

  private void awaitBlocked() throws InterruptedException, TimeoutException {
    begun.await();
    long limit = System.nanoTime() + HANG_NANOS;
    // Two looks: a thread that only waited for a lock on its way has gone on by the second.
    for (int looks = 0; looks < 2; ) {
      if (System.nanoTime() - limit > 0) {
        throw new TimeoutException("some of " + threads.size() + " reads do not block");
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
      looks = threads.stream().allMatch(BlockedReads::isBlocked) ? looks + 1 : 0;
    }
  }

  private static boolean isBlocked(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  void closeSockets() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Waits until all reads have returned; the reading of the clock when the last one did. */
  long awaitLastReturn() throws InterruptedException, TimeoutException {
    if (!returned.await(HANG_NANOS, TimeUnit.NANOSECONDS)) {
      throw new TimeoutException(returned.getCount() + " reads do not return");
    }
    return lastReturn.get();
  }

  @Override
  public void close() throws IOException {
    closeSockets();
    peers.close();
  }
}
