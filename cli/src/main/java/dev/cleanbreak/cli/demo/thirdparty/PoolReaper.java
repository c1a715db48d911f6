package dev.cleanbreak.cli.demo.thirdparty;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** A container's undeploy: it shuts down pools that it takes to be idle. */
public final class PoolReaper {
  /** Shuts the pool down now; the future is done when that has returned. */
  public Future<?> reap(ExecutorService pool) {
    FutureTask<?> done = new FutureTask<>(() -> shutPoolDown(pool));
    Thread.ofPlatform().daemon().name("pool-reaper").start(done);
    return done;
  }

  private static int shutPoolDown(ExecutorService pool) {
    return pool.shutdownNow().size();
  }
}
