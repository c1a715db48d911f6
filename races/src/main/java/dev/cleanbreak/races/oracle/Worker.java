package dev.cleanbreak.races.oracle;

import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One victim: takes cells one after the other, on one connection as long as that lasts. */
final class Worker implements Runnable {
  private final Stand stand;
  private final long seed;
  private final Supplier<@Nullable Cell> cells;
  private final Results results;
  private final BooleanSupplier stopped;
  private final ExecutorService cutter;
  private final ExecutorService peer;
  private @Nullable Rig rig;
  private volatile @Nullable Cell current;
  private volatile long since;

  Worker(
      Stand stand,
      long seed,
      Supplier<@Nullable Cell> cells,
      Results results,
      BooleanSupplier stopped) {
    this.stand = stand;
    this.seed = seed;
    this.cells = cells;
    this.results = results;
    this.stopped = stopped;
    this.cutter = Executors.newSingleThreadExecutor(daemons("oracle-cutter"));
    this.peer = Executors.newSingleThreadExecutor(daemons("oracle-peer"));
  }

  private static java.util.concurrent.ThreadFactory daemons(String name) {
    return Thread.ofPlatform().daemon().name(name).factory();
  }

  /** The cell that has run for longer than {@code nanos}; null if none has. */
  @Nullable Cell stuck(long nanos) {
    Cell running = current;
    return running != null && System.nanoTime() - since > nanos ? running : null;
  }

  @Override
  public void run() {
    try {
      for (Cell cell; !stopped.getAsBoolean() && (cell = cells.get()) != null; ) {
        since = System.nanoTime();
        current = cell;
        run(cell);
        current = null;
      }
    } finally {
      discardRig();
      cutter.shutdown();
      peer.shutdownNow();
    }
  }

  private void run(Cell cell) {
    Outcome outcome = null;
    try {
      outcome = cell.layer().procedure().run(new Attempt(cell, rigFor(cell), seed, cutter));
      results.held(cell, outcome);
    } catch (Broken e) {
      results.broke(cell, e);
    } catch (IOException | RuntimeException | Error e) {
      results.broke(cell, new Broken("not expected", e));
    }
    Thread.interrupted();
    if (outcome == null || !outcome.keepsConnection() || cell.layer().shakesHands()) {
      discardRig();
    }
  }

  private Rig rigFor(Cell cell) throws IOException {
    Rig open = rig;
    if (open != null) {
      return open;
    }
    Layer layer = cell.layer();
    SocketSettings settings =
        stand
            .settings(cell.mode())
            .withCloseLimit(layer.patience())
            .withCarryTimeout(layer.patience());
    open = Rig.open(stand, settings, peer);
    rig = open;
    Tls tls = layer.tls();
    if (tls != null && layer.shakesHands()) {
      open.secure(tls, stand.tlsContext());
    } else if (tls != null) {
      open.secureAndShakeHands(tls, stand.tlsContext());
    }
    return open;
  }

  private void discardRig() {
    Rig old = rig;
    rig = null;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("a connection cannot be closed", e);
      }
    }
  }
}
