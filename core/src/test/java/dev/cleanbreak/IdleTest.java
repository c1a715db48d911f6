package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits costs no processor time. */
@Timeout(120)
class IdleTest {
  private static final int CONNECTIONS = 500;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** One thread that looks again and again takes all of it, or what the others leave to it. */
  private static final double MOST_OF_A_PROCESSOR = 0.05;

  @Test
  void connectionsThatWaitTakeNoProcessorTime() throws Exception {
    List<Pair> pairs = new ArrayList<>();
    List<FutureTask<Integer>> reads = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        Pair pair = Pair.open(SocketSettings.standard());
        pairs.add(pair);
        if (i % 4 < 2) {
          pair.socket().setReadTimeout(Duration.ofHours(1));
        }
        FutureTask<Integer> read = new FutureTask<>(() -> pair.in().read());
        reads.add(read);
        ThreadKind.values()[i % 2].start(read);
      }
      for (int i = 0; i < CONNECTIONS; i++) {
        // As after some traffic: each has waited before.
        pairs.get(i).awaitReader();
        pairs.get(i).peerOut().write(1);
        assertEquals(1, reads.get(i).get(20, TimeUnit.SECONDS));
        Pair pair = pairs.get(i);
        reads.set(i, new FutureTask<>(() -> pair.in().read()));
        ThreadKind.values()[i % 2].start(reads.get(i));
      }
      for (Pair pair : pairs) {
        pair.awaitReader();
      }
      // What the tests before this one have left may need a while to end.
      Conditions.await("an idle process", () -> processorsInUse() < MOST_OF_A_PROCESSOR);
    } finally {
      for (Pair pair : pairs) {
        pair.close();
      }
    }
  }

  private static double processorsInUse() {
    Duration used = processorTime();
    long began = System.nanoTime();
    LockSupport.parkNanos(WINDOW_NANOS);
    long passed = System.nanoTime() - began;
    return (double) processorTime().minus(used).toNanos() / passed;
  }

  /** In steps of 10 ms on Linux. */
  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
