package dev.cleanbreak.bench.pieces;

import dev.cleanbreak.spi.DeadlineTimer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** To ask the timer of deadlines for a look and to take it back, with others in its queue. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class Timers {
  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  @Param({"0", "10000"})
  public int waiting;

  private final Deque<Future<?>> others = new ArrayDeque<>();

  @Setup(Level.Iteration)
  public void others() {
    for (int i = 0; i < waiting; i++) {
      others.add(DeadlineTimer.schedule(() -> {}, HOUR_NANOS + i));
    }
  }

  @TearDown(Level.Iteration)
  public void none() {
    others.forEach(each -> each.cancel(false));
    others.clear();
  }

  @Benchmark
  public boolean scheduleAndCancel() {
    return DeadlineTimer.schedule(() -> {}, HOUR_NANOS).cancel(false);
  }
}
