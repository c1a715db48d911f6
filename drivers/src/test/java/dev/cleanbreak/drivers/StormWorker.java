package dev.cleanbreak.drivers;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.Cut;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One of the threads of a {@link PoolStorm}. */
final class StormWorker {
  private static final ProtocolCancel BY_PROTOCOL = ProtocolCancel.within(Duration.ofSeconds(10));
  private static final int LONGEST_MICROS = 20_000;

  private static final int MOST_REST_NANOS = 100_000_000;

  private final Client client;
  private final boolean byProtocol;
  private final DataSource pool;
  private final StormLedger ledger;
  private final StormCounts counts;
  private final ScheduledExecutorService cutters;
  private final SplittableRandom random;

  StormWorker(
      Client client,
      boolean byProtocol,
      DataSource pool,
      StormLedger ledger,
      StormCounts counts,
      ScheduledExecutorService cutters,
      long seed) {
    this.client = client;
    this.byProtocol = byProtocol;
    this.pool = pool;
    this.ledger = ledger;
    this.counts = counts;
    this.cutters = cutters;
    this.random = new SplittableRandom(seed);
  }

  /** Borrows a connection, runs a statement that may be cut and one that is not. */
  void step() throws Exception {
    // The pool is not fair: those that come back at once would have it for themselves.
    LockSupport.parkNanos(random.nextInt(MOST_REST_NANOS));
    try (Connection connection = pool.getConnection()) {
      counts.borrowed(connection.unwrap(Connection.class));
      if (connection.isClosed() || connection.unwrap(Connection.class).isClosed()) {
        counts.stale.increment();
        return;
      }
      cutAtRandom(connection);
      if (!connection.unwrap(Connection.class).isClosed()) {
        // Nobody cuts this one.
        if (Client.number(connection, "select 7") != 7) {
          throw new AssertionError("answer of another statement");
        }
      }
    }
  }

  private void cutAtRandom(Connection connection) throws Exception {
    boolean writes = random.nextInt(3) == 0;
    double seconds = random.nextInt(LONGEST_MICROS) / 1e6;
    int id = writes ? ledger.nextId() : 0;
    String sql =
        writes
            ? "insert into storm values (" + id + ")"
            : random.nextBoolean() ? "select 1" : client.sleepFor(seconds);
    Cutter cutter = Cutter.values()[random.nextInt(3)];
    CancelScope scope = CancelScope.open("step");
    Thread me = Thread.currentThread();
    counts.statements.increment();
    try (Statement statement = connection.createStatement()) {
      OneCut cut = null;
      if (random.nextInt(4) > 0) {
        long delay = writes ? random.nextInt(2_000) : random.nextInt(LONGEST_MICROS * 3 / 2);
        cut = new OneCut(() -> cutter.cut(scope, me));
        cutters.schedule(cut, delay, TimeUnit.MICROSECONDS);
      }
      try {
        scope.run(() -> execute(statement, sql));
        if (writes) {
          ledger.isWritten(id);
        }
      } catch (SQLException e) {
        hear(e, cut != null && cut.stop() ? cutter : null, connection, id);
      } finally {
        if (cut != null && cut.stop()) {
          counts.cut.increment();
        }
        Thread.interrupted();
      }
    }
  }

  private void execute(Statement statement, String sql) throws SQLException {
    if (byProtocol) {
      BY_PROTOCOL.run(statement, () -> statement.execute(sql));
    } else {
      statement.execute(sql);
    }
  }

  /** {@code cutter} is what has cut the statement, if anything has. */
  private void hear(SQLException e, @Nullable Cutter cutter, Connection connection, int id)
      throws SQLException {
    List<Cut> cuts = Said.cuts(e);
    if (cutter == null
        || cuts.isEmpty()
        || !cuts.stream().allMatch(each -> each.kind() == cutter.kind())) {
      counts.saidFalse.increment();
      throw new AssertionError(cuts + " was said, and what was made is " + cutter, e);
    }
    counts.saidTrue.increment();
    if (connection.unwrap(Connection.class).isClosed()) {
      counts.broken.increment();
      return;
    }
    if (e instanceof SQLTimeoutException && e.getMessage().startsWith("not executed")) {
      counts.refused.increment();
    } else if (client.saysCancelled(e)) {
      counts.cancelled.increment();
    } else {
      throw new AssertionError("not the server's word for a cancel", e);
    }
    if (id != 0) {
      ledger.isRefused(id);
    }
  }

  /** A cut at some time, or never. */
  private static final class OneCut implements Runnable {
    private final Runnable action;
    private boolean over;
    private boolean made;

    OneCut(Runnable action) {
      this.action = action;
    }

    @Override
    public synchronized void run() {
      if (!over) {
        made = true;
        action.run();
      }
    }

    /** From the return on nobody is cut. Returns whether it was done. */
    synchronized boolean stop() {
      over = true;
      return made;
    }
  }
}
