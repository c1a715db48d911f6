package dev.cleanbreak.bench.pieces;

import dev.cleanbreak.CancelScope;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** To open a scope, enter it and leave it, with nothing in it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class Scopes {
  private static final Duration LIMIT = Duration.ofHours(1);

  private final CancelScope open = CancelScope.open("open");
  private int count;

  @Benchmark
  public int withDeadline() {
    CancelScope.within(LIMIT).run(() -> count++);
    return count;
  }

  @Benchmark
  public int withoutDeadline() {
    CancelScope.open("piece").run(() -> count++);
    return count;
  }

  @Benchmark
  public int nested() {
    CancelScope.within(LIMIT).run(() -> CancelScope.within(LIMIT).run(() -> count++));
    return count;
  }

  /** What is left when the scope is there already. */
  @Benchmark
  public int again() {
    open.run(() -> count++);
    return count;
  }
}
