package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real sockets under random loads: several threads of both kinds take turns in each direction of
 * each connection, wait with and without limits, are woken for nothing, read and write any number
 * of bytes, and close at any time, so that the next connection has the same descriptors. Every byte
 * arrives, once and in order, and nobody waits for ever.
 */
@Timeout(120)
class EpollStressTest {
  private static final long RUN_NANOS =
      TimeUnit.SECONDS.toNanos(Long.getLong("dev.cleanbreak.stressSeconds", 4));

  private static final int LINKS = 6;
  private static final int THREADS = 3;
  private static final int MOST_BYTES = 400_000;
  private static final int MOST_AT_ONCE = 20_000;
  private static final int MOST_VAIN = 1_000;
  private static final int MOST_LIMIT_NANOS = 2_000_000;
  private static final long LOST_SECONDS = 20;

  /** How a connection is used; some ways would hide a wake that another one shows to be lost. */
  private record Way(boolean limits, boolean wakes, boolean closesEarly, boolean urgent) {
    static Way of(SplittableRandom random) {
      return new Way(
          random.nextInt(3) == 0,
          random.nextInt(3) == 0,
          random.nextInt(4) == 0,
          random.nextInt(4) == 0);
    }
  }

  /** One direction of a connection, at one of its ends. */
  private abstract static class Side {
    final Way way;
    final EpollStream port;
    final int total;
    final Readiness place;
    final ReentrantLock turn = new ReentrantLock();

    /** Of the turn. */
    int moved;

    /** How many waits in a row for no reason. Of the turn, as is what follows. */
    int vain;

    boolean over;
    volatile boolean abandoned;

    Side(Way way, EpollStream port, int total) {
      this.way = way;
      this.port = port;
      this.total = total;
      this.place = port.newReadiness();
    }

    /** Takes turns until all is done. */
    Void run(SplittableRandom random) throws IOException {
      byte[] buffer = new byte[MOST_AT_ONCE];
      boolean goesOn = true;
      while (goesOn && !abandoned) {
        turn.lock();
        try {
          for (int turns = 1 + random.nextInt(30); turns > 0 && goesOn && !abandoned; turns--) {
            goesOn = !over && step(buffer, random);
          }
        } finally {
          turn.unlock();
        }
      }
      return null;
    }

    abstract boolean step(byte[] buffer, SplittableRandom random) throws IOException;

    void await(int interest, SplittableRandom random) throws IOException {
      boolean limited = way.limits && random.nextBoolean();
      // Stored before the wake, which may have ended an earlier wait of this step.
      if (!abandoned) {
        assertTrue(++vain < MOST_VAIN || way.limits || way.wakes, "nobody sleeps: " + this);
        place.await(interest, limited ? 1 + random.nextInt(MOST_LIMIT_NANOS) : Readiness.FOREVER);
      }
    }

    void abandon() {
      abandoned = true;
      place.wake();
    }

    @Override
    public String toString() {
      return (getClass().getSimpleName() + " " + moved + " of " + total + ", over " + over)
          + (", readable " + port.isReady(Readiness.READ) + " " + Libc.ioctl(port.fd, Abi.FIONREAD))
          + (", writable " + port.isReady(Readiness.WRITE) + " " + Sleeper.isWritable(port.fd))
          + (", " + way);
    }

    static byte at(int position) {
      return (byte) (position * 31 + (position >> 8));
    }
  }

  private static final class Sending extends Side {
    private boolean urgentSent;

    Sending(Way way, EpollStream port, int total) {
      super(way, port, total);
    }

    @Override
    boolean step(byte[] buffer, SplittableRandom random) throws IOException {
      if (way.urgent && !urgentSent && moved > total / 2) {
        // Once: of two the earlier one could become a byte like any other.
        urgentSent = port.sendUrgent('u');
      }
      int length = Math.min(total - moved, 1 + random.nextInt(buffer.length));
      for (int i = 0; i < length; i++) {
        buffer[i] = at(moved + i);
      }
      int n = port.write(buffer, 0, length);
      moved += n;
      vain = n > 0 ? 0 : vain;
      if (moved == total) {
        over = true;
        port.shutdownOutput();
      } else if (n == 0) {
        await(Readiness.WRITE, random);
      }
      return true;
    }
  }

  private static final class Receiving extends Side {
    Receiving(Way way, EpollStream port, int total) {
      super(way, port, total);
    }

    @Override
    boolean step(byte[] buffer, SplittableRandom random) throws IOException {
      if (random.nextInt(4) == 0) {
        // As a read begins that expects to wait.
        await(Readiness.READ, random);
      }
      int n = port.read(buffer, 0, 1 + random.nextInt(buffer.length));
      for (int i = 0; i < n; i++) {
        assertEquals(at(moved + i), buffer[i], "byte " + (moved + i));
      }
      moved += Math.max(n, 0);
      vain = n > 0 ? 0 : vain;
      if (n < 0) {
        over = true;
        assertEquals(total, moved);
      } else if (n == 0) {
        await(Readiness.READ, random);
      }
      return true;
    }
  }

  @Test
  void everyByteArrivesAndNobodyWaitsForEver() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    long end = System.nanoTime() + RUN_NANOS;
    List<FutureTask<Integer>> lanes = new ArrayList<>();
    for (int i = 0; i < LINKS; i++) {
      SplittableRandom own = random.split();
      lanes.add(
          start(
              true,
              () -> {
                int done = 0;
                while (System.nanoTime() < end) {
                  connection(own);
                  done++;
                }
                return done;
              }));
    }
    int connections = 0;
    for (FutureTask<Integer> each : lanes) {
      connections +=
          result(each, "seed " + seed, RUN_NANOS / TimeUnit.SECONDS.toNanos(1) + LOST_SECONDS);
    }
    assertTrue(connections > LINKS, connections + " connections");
  }

  /**
   * One byte at a time, so that no later one makes up for a change that was forgotten.
   *
   * @param leaves whether waits of platform threads have the ports leave their poller all the time
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aByteThatComesDuringATryIsNotForgotten(boolean leaves) throws Exception {
    SplittableRandom random = new SplittableRandom();
    long end = System.nanoTime() + RUN_NANOS / 2;
    try (Link link = Link.open()) {
      List<FutureTask<Integer>> ends = new ArrayList<>();
      for (EpollStream port : List.of(link.near(), link.far())) {
        SplittableRandom own = random.split();
        assertEquals(1, port.write(new byte[1], 0, 1));
        ends.add(start(true, () -> passOn(port, end, own)));
      }
      while (leaves && System.nanoTime() < end) {
        for (int i = 0; i <= EpollPort.PLATFORM_WAITS; i++) {
          link.near().platformWait();
        }
        spin(random, 12);
      }
      for (FutureTask<Integer> each : ends) {
        assertTrue(result(each, "a dialogue", RUN_NANOS / 1_000_000_000 + LOST_SECONDS) > 0);
      }
    }
  }

  /** Sends back what comes, until the end of time or of the stream. */
  private static int passOn(EpollStream port, long end, SplittableRandom random)
      throws IOException {
    byte[] one = new byte[2];
    Readiness place = port.newReadiness();
    int passed = 0;
    for (int n; (n = port.read(one, 0, 2)) >= 0; passed += n) {
      if (n == 0) {
        place.await(Readiness.READ, Readiness.FOREVER);
        continue;
      }
      if (System.nanoTime() > end) {
        port.shutdownOutput();
        break;
      }
      assertEquals(n, port.write(one, 0, n));
      spin(random, 14);
    }
    place.close();
    return passed;
  }

  /** One wake for each wait, at any moment before, during and after its beginning. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWakeEndsAWait(boolean virtual) throws Exception {
    SplittableRandom random = new SplittableRandom();
    long end = System.nanoTime() + RUN_NANOS / 4;
    AtomicInteger begun = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    try (Link link = Link.open()) {
      Readiness place = link.near().newReadiness();
      FutureTask<Void> waiter =
          start(
              virtual,
              () -> {
                while (!over.get()) {
                  begun.incrementAndGet();
                  place.await(Readiness.READ, Readiness.FOREVER);
                }
                return null;
              });
      for (int seen = 0; !over.get(); ) {
        long lost = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOST_SECONDS);
        while (begun.get() == seen) {
          assertTrue(System.nanoTime() < lost, "a wake was lost");
          Thread.onSpinWait();
        }
        seen = begun.get();
        spin(random, 7);
        over.set(System.nanoTime() > end);
        place.wake();
      }
      result(waiter, "the last wake", LOST_SECONDS);
      place.close();
    }
  }

  private static void spin(SplittableRandom random, int bits) {
    for (int spins = random.nextInt(1 << random.nextInt(1, bits)); spins > 0; spins--) {
      Thread.onSpinWait();
    }
  }

  /** One connection from its beginning to its end, with nobody inside when it is closed. */
  private static void connection(SplittableRandom random) throws Exception {
    Way way = Way.of(random);
    try (Link link = Link.open()) {
      List<Side> sides = new ArrayList<>();
      for (boolean there : new boolean[] {true, false}) {
        int total = 1 + random.nextInt(MOST_BYTES);
        sides.add(new Sending(way, there ? link.near() : link.far(), total));
        sides.add(new Receiving(way, there ? link.far() : link.near(), total));
      }
      List<FutureTask<Void>> threads = new ArrayList<>();
      for (Side side : sides) {
        for (int i = 0; i < THREADS; i++) {
          SplittableRandom own = random.split();
          threads.add(start(random.nextBoolean(), () -> side.run(own)));
        }
      }
      disturb(way, sides, threads, random);
      for (FutureTask<Void> each : threads) {
        result(each, sides, LOST_SECONDS);
      }
      for (Side side : sides) {
        side.place.close();
      }
    }
  }

  private static void disturb(
      Way way, List<Side> sides, List<FutureTask<Void>> threads, SplittableRandom random) {
    int wakes = way.wakes ? 200 : 0;
    for (int i = 0; i < wakes && !threads.stream().allMatch(FutureTask::isDone); i++) {
      sides.get(random.nextInt(sides.size())).place.wake();
      LockSupport.parkNanos(1 + random.nextInt(50_000));
    }
    if (way.closesEarly) {
      LockSupport.parkNanos(1 + random.nextInt(MOST_LIMIT_NANOS));
      sides.forEach(Side::abandon);
    }
  }

  private static <T> FutureTask<T> start(boolean virtual, java.util.concurrent.Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(task);
    return task;
  }

  private static <T> T result(FutureTask<T> task, Object what, long seconds) throws Exception {
    try {
      return task.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("somebody waits for ever: " + what, e);
    }
  }
}
