package dev.cleanbreak.cli.demo;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends a process that is silent for too long, so that nobody waits for it for ever. */
final class Watchdog implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("watchdog").factory());

  private final ChildProcess process;
  private final Duration patience;
  private Future<?> bite;

  Watchdog(ChildProcess process, Duration patience) {
    this.process = process;
    this.patience = patience;
    this.bite = schedule();
  }

  private Future<?> schedule() {
    return timer.schedule(process::close, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The process has said something. Called by one thread only. */
  void fed() {
    bite.cancel(false);
    bite = schedule();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
