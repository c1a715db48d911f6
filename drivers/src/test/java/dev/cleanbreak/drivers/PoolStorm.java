package dev.cleanbreak.drivers;

import com.sun.management.UnixOperatingSystemMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A pool of ten connections, two hundred virtual threads, and cuts at random moments in every way.
 * After each statement that may have been cut, one that nobody cut runs on the same connection: a
 * cancel that hits it has hit the wrong one. At the end the pool must be whole, the server's view
 * of it the same, and every row there that a client was told of, and no row that it was told had
 * failed.
 */
public final class PoolStorm {
  public static final int CONNECTIONS = 10;
  private static final int THREADS = 200;
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Client client;
  private final boolean byProtocol;
  private final Duration time;
  private final StormCounts counts = new StormCounts();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  public PoolStorm(Client client, boolean byProtocol, Duration time) {
    this.client = client;
    this.byProtocol = byProtocol;
    this.time = time;
  }

  /** Runs the storm; {@code progress} is told of its counts once a second. */
  public PoolStormResult run(long seed, Consumer<StormCounts> progress) throws Exception {
    int healthy;
    long borrowed;
    List<Throwable> wrongRows;
    try (Connection onlooker = DriverManager.getConnection(client.plainUrl())) {
      StormLedger ledger = new StormLedger(onlooker);
      Conditions.await("no session of an earlier storm is left", () -> sessions(onlooker) == 0);
      long descriptors = descriptors();
      try (HikariDataSource pool = pool()) {
        storm(pool, ledger, seed, progress);
        borrowed = borrowed(pool);
        healthy = healthy(pool);
        // PostgreSQL sees that its client has gone once the statement is over.
        if (byProtocol || client != Client.POSTGRESQL) {
          check(
              "the server sees the pool's sessions and no other",
              () -> sessions(onlooker) == CONNECTIONS);
        }
        wrongRows = ledger.check(onlooker);
        failures.addAll(wrongRows);
      }
      check("the server forgets all sessions", () -> sessions(onlooker) == 0);
      // A selector or two of the reading threads may have come for good.
      check("descriptors are given back", () -> descriptors() <= descriptors + 8);
      if (byProtocol && counts.replaced() > 0) {
        failures.add(new AssertionError(counts.replaced() + " connections had to be replaced"));
      }
      return result(healthy, borrowed + sessions(onlooker), wrongRows.size());
    }
  }

  private PoolStormResult result(int healthy, long leaked, int wrongRows) {
    return new PoolStormResult(
        counts.statements.sum(),
        counts.cut.sum(),
        counts.saidTrue.sum(),
        counts.saidFalse.sum(),
        counts.cancelled.sum(),
        counts.refused.sum(),
        counts.broken.sum(),
        counts.replaced(),
        counts.stale.sum(),
        healthy,
        leaked,
        wrongRows,
        List.copyOf(failures));
  }

  private void check(String what, Callable<Boolean> condition) throws Exception {
    try {
      Conditions.await(what, condition);
    } catch (AssertionError e) {
      failures.add(e);
    }
  }

  private long sessions(Connection onlooker) throws SQLException {
    return Client.number(onlooker, client.sessions());
  }

  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(client.url());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(CONNECTIONS);
    config.setConnectionTimeout(60_000);
    config.setMaxLifetime(0); // whatever is replaced was broken
    config.setPoolName("storm");
    return new HikariDataSource(config);
  }

  private void storm(
      HikariDataSource pool, StormLedger ledger, long seed, Consumer<StormCounts> progress)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    try (ScheduledExecutorService cutters = Executors.newScheduledThreadPool(2)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        StormWorker worker =
            new StormWorker(client, byProtocol, pool, ledger, counts, cutters, seed + i);
        threads.add(Thread.ofVirtual().name("worker " + i).start(() -> work(worker, end)));
      }
      for (Thread each : threads) {
        while (!each.join(Duration.ofSeconds(1)) && System.nanoTime() - end < GRACE_NANOS) {
          progress.accept(counts);
        }
        if (each.isAlive()) {
          AssertionError stuck = new AssertionError(each + " still runs");
          stuck.setStackTrace(each.getStackTrace());
          failures.add(stuck);
        }
      }
    }
  }

  private void work(StormWorker worker, long end) {
    try {
      while (System.nanoTime() - end < 0 && failures.isEmpty()) {
        worker.step();
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** The connections that do not come back although nobody uses them any more. */
  private long borrowed(HikariDataSource pool) throws Exception {
    HikariPoolMXBean seen = pool.getHikariPoolMXBean();
    check(
        "the pool is full again",
        () -> seen.getActiveConnections() == 0 && seen.getTotalConnections() == CONNECTIONS);
    return seen.getActiveConnections();
  }

  private int healthy(HikariDataSource pool) throws SQLException {
    int healthy = 0;
    List<Connection> all = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        Connection each = pool.getConnection();
        all.add(each);
        if (Client.number(each, "select 7") == 7) {
          healthy++;
        } else {
          failures.add(new AssertionError("a connection of the pool answers wrongly"));
        }
      }
    } catch (SQLException e) {
      failures.add(e);
    } finally {
      for (Connection each : all) {
        each.close();
      }
    }
    return healthy;
  }

  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
        ? os.getOpenFileDescriptorCount()
        : 0;
  }
}
