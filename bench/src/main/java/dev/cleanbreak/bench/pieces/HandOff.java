package dev.cleanbreak.bench.pieces;

import dev.cleanbreak.SocketSettings;
import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * There and back between two threads, each of which sleeps until the other wakes it: in what a call
 * of Cleanbreak sleeps in, on each transport, and in a bare park.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class HandOff {
  private static final String PARK = "park";

  @Param({PARK, "nio", "epoll"})
  public String place = PARK;

  @Param({"platform", "virtual"})
  public String threads = "platform";

  private @Nullable StreamPort port;
  private @Nullable End here;
  private @Nullable End there;
  private @Nullable Thread partner;
  private volatile boolean over;

  /** Where one of the two sleeps. */
  private interface End {
    /** By the one who will sleep here, before he looks whether he has to. */
    default void isMine() {}

    void sleep() throws IOException;

    void wake();
  }

  private static final class Parked implements End {
    private volatile @Nullable Thread sleeper;

    @Override
    public void isMine() {
      sleeper = Thread.currentThread();
    }

    @Override
    public void sleep() {
      LockSupport.park(this);
    }

    @Override
    public void wake() {
      LockSupport.unpark(sleeper);
    }
  }

  private record InReadiness(Readiness readiness) implements End {
    @Override
    public void sleep() throws IOException {
      readiness.await(0, Readiness.FOREVER);
    }

    @Override
    public void wake() {
      readiness.wake();
    }
  }

  /** Whose turn it is: even, here; odd, there. */
  private final AtomicLong turn = new AtomicLong();

  @Setup
  public void begin() throws IOException {
    here = end();
    there = end();
    partner =
        "virtual".equals(threads)
            ? Thread.ofVirtual().start(this::answer)
            : Thread.ofPlatform().start(this::answer);
  }

  private End end() throws IOException {
    if (PARK.equals(place)) {
      return new Parked();
    }
    StreamPort open = port;
    if (open == null) {
      open = SocketSettings.standard().withTransport(place).transport().openStream();
      port = open;
    }
    return new InReadiness(open.newReadiness());
  }

  private void answer() {
    End mine = Objects.requireNonNull(there);
    End other = Objects.requireNonNull(here);
    mine.isMine();
    while (!over) {
      try {
        while (turn.get() % 2 == 0 && !over) {
          mine.sleep();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      turn.getAndIncrement();
      other.wake();
    }
  }

  @Benchmark
  public long thereAndBack() throws IOException {
    End mine = Objects.requireNonNull(here);
    mine.isMine();
    long back = turn.getAndIncrement() + 2;
    Objects.requireNonNull(there).wake();
    while (turn.get() != back) {
      mine.sleep();
    }
    return back;
  }

  @TearDown
  public void stop() throws IOException, InterruptedException {
    over = true;
    Objects.requireNonNull(there).wake();
    Objects.requireNonNull(partner).join();
    if (port != null) {
      port.close();
    }
  }
}
