package dev.cleanbreak.examples.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** Rounds over real servers. Each answers when the test lets go of a lock there. */
@Timeout(180)
class FanOutTest {
  private static final String QUESTION =
      "select current_setting('cluster_name') from pg_advisory_xact_lock(1)";
  private static final Duration LONG = Duration.ofMinutes(10);

  private static final List<Replica> REPLICAS = new ArrayList<>();

  private final List<Connection> locks = new ArrayList<>();
  private List<String> before;

  @BeforeAll
  static void start() throws IOException {
    // The pools test a connection each time they hand it out, not only when it was idle for long.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
    for (String name : List.of("replica1", "replica2", "replica3")) {
      REPLICAS.add(Replica.start(name));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    for (Replica each : REPLICAS) {
      each.close();
    }
    System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
  }

  @BeforeEach
  void lock() throws SQLException {
    before = sessions();
    for (Replica each : REPLICAS) {
      Connection lock = each.server().getPostgresDatabase().getConnection();
      locks.add(lock);
      number(lock, "select 1 from pg_advisory_lock(1)");
    }
  }

  @AfterEach
  void unlock() throws SQLException {
    for (Connection each : locks) {
      each.close();
    }
    assertEquals(before, sessions(), "no connection was replaced");
  }

  @Test
  void whoeverWinsTheOthersAreCancelledByProtocol() throws Exception {
    for (int winner = 0; winner < REPLICAS.size(); winner++) {
      Round round = new Round(REPLICAS, QUESTION);
      FutureTask<Ending> first = new FutureTask<>(() -> round.firstAnswer("round", LONG));
      Thread.ofVirtual().start(first);
      for (Connection each : locks) {
        awaitOneWhoWaits(each);
      }
      number(locks.get(winner), "select 1 from pg_advisory_unlock(1)");

      Ending won = first.get();
      number(locks.get(winner), "select 1 from pg_advisory_lock(1)");
      assertEquals(REPLICAS.get(winner).name(), won.answer());
      assertEquals(REPLICAS.size(), round.endings().size());
      for (Ending each : round.endings()) {
        if (!each.equals(won)) {
          assertCancelled(each, "read interrupted");
        }
      }
    }
  }

  @Test
  void atTheDeadlineAllAreCancelledByProtocol() throws Exception {
    Round round = new Round(REPLICAS, QUESTION);
    assertNull(round.firstAnswer("round 17", Duration.ofMillis(500)));
    assertEquals(REPLICAS.size(), round.endings().size());
    for (Ending each : round.endings()) {
      assertCancelled(each, "deadline passed (scope \"round 17\")");
    }
  }

  /** The pool tests its connection then in an interrupted thread. */
  @Test
  void anInterruptBeforeTheConnectionIsBorrowedCostsNone() throws Exception {
    FutureTask<SQLException> asked =
        new FutureTask<>(() -> {
          Thread.currentThread().interrupt();
          return assertThrows(SQLException.class, () -> REPLICAS.getFirst().answer(QUESTION));
        });
    Thread.ofVirtual().start(asked);
    assertEquals("57014", asked.get().getSQLState());
  }

  @Test
  void theCommandTellsWhatHappened() {
    String told = told(0, "--rounds=3", "--replicas=2", "--limit=2000");
    assertTrue(told.contains("round 3: "), told);
    assertTrue(told.contains("ERROR: canceling statement due to user request"), told);
    List<String> lines = told.lines().toList();
    assertTrue(lines.getFirst().matches(".* processes \\d+, \\d+"), told);
    assertEquals(lines.getFirst(), lines.getLast());
  }

  @Test
  void theCommandRefusesWhatItCannotDo() {
    String told = told(2, "--replicas=1");
    assertTrue(told.startsWith("--replicas 1 is out of range; give 2 to 16"), told);
  }

  private static String told(int exitCode, String... arguments) {
    StringWriter told = new StringWriter();
    CommandLine command =
        new CommandLine(new FanOutApp())
            .setOut(new PrintWriter(told))
            .setErr(new PrintWriter(told));
    assertEquals(exitCode, command.execute(arguments), told::toString);
    return told.toString();
  }

  private static void assertCancelled(Ending ending, String by) {
    assertNotNull(ending.failure(), ending::toString);
    assertEquals("57014", ending.failure().getSQLState(), ending::toString);
    assertTrue(ending.toString().contains(by), ending::toString);
  }

  private static void awaitOneWhoWaits(Connection onlooker) throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (number(onlooker, "select count(*) from pg_locks where not granted") == 0) {
      assertTrue(System.nanoTime() - end < 0, "the question does not come");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static List<String> sessions() throws SQLException {
    List<String> found = new ArrayList<>();
    for (Replica each : REPLICAS) {
      found.add(each.answer("select pg_backend_pid()"));
    }
    return found;
  }

  private static int number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
