package dev.cleanbreak.drivers;

import com.sun.management.UnixOperatingSystemMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A pool of ten connections, two hundred virtual threads, and cuts at random moments in every way.
 * After each statement that may have been cut, one that nobody cut runs on the same connection: a
 * cancel that hits it has hit the wrong one. At the end the pool must be whole, the server's view
 * of it the same, and every row there that a client was told of, and no row that it was told had
 * failed.
 */
final class PoolStorm {
  static final int CONNECTIONS = 10;
  private static final int THREADS = 200;

  private final Client client;
  private final boolean byProtocol;
  private final Duration time;
  final StormCounts counts = new StormCounts();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  PoolStorm(Client client, boolean byProtocol, Duration time) {
    this.client = client;
    this.byProtocol = byProtocol;
    this.time = time;
  }

  /** Returns what went wrong; nothing, if all is well. */
  List<Throwable> run(long seed) throws Exception {
    try (Connection onlooker = DriverManager.getConnection(client.plainUrl())) {
      StormLedger ledger = new StormLedger(onlooker);
      Conditions.await(
          "no session of an earlier test is left",
          () -> Client.number(onlooker, client.sessions()) == 0);
      long descriptors = descriptors();
      try (HikariDataSource pool = pool()) {
        storm(pool, ledger, seed);
        checkPool(pool, onlooker);
        ledger.check(onlooker).forEach(failures::add);
      }
      Conditions.await(
          "the server forgets all sessions", () -> Client.number(onlooker, client.sessions()) == 0);
      // A selector or two of the reading threads may have come for good.
      Conditions.await("descriptors are given back", () -> descriptors() <= descriptors + 8);
    }
    return List.copyOf(failures);
  }

  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(client.url());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(CONNECTIONS);
    config.setConnectionTimeout(60_000);
    config.setPoolName("storm");
    return new HikariDataSource(config);
  }

  private void storm(HikariDataSource pool, StormLedger ledger, long seed) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    try (ScheduledExecutorService cutters = Executors.newScheduledThreadPool(2)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        StormWorker worker =
            new StormWorker(client, byProtocol, pool, ledger, counts, cutters, seed + i);
        threads.add(
            Thread.ofVirtual()
                .name("worker " + i)
                .start(() -> {
                  try {
                    while (System.nanoTime() - end < 0 && failures.isEmpty()) {
                      worker.step();
                    }
                  } catch (Throwable e) {
                    failures.add(e);
                  }
                }));
      }
      for (Thread each : threads) {
        if (!each.join(time.plusSeconds(60))) {
          AssertionError stuck = new AssertionError(each + " still runs");
          stuck.setStackTrace(each.getStackTrace());
          failures.add(stuck);
        }
      }
    }
  }

  private void checkPool(HikariDataSource pool, Connection onlooker) throws Exception {
    Conditions.await(
        "the pool is full again",
        () ->
            pool.getHikariPoolMXBean().getActiveConnections() == 0
                && pool.getHikariPoolMXBean().getTotalConnections() == CONNECTIONS);
    List<Connection> all = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        Connection each = pool.getConnection();
        all.add(each);
        if (Client.number(each, "select 7") != 7) {
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
    if (byProtocol || client != Client.POSTGRESQL) {
      Conditions.await(
          "the server sees the pool's sessions and no other",
          () -> Client.number(onlooker, client.sessions()) == CONNECTIONS);
    }
  }

  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
        ? os.getOpenFileDescriptorCount()
        : 0;
  }
}
