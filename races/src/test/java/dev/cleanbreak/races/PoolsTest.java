package dev.cleanbreak.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.drivers.Client;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The command line of {@code ./cleanbreak pools}; all drivers' storms are drivers' tests. */
@Timeout(180)
class PoolsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int pools(String... args) {
    return new CommandLine(new Pools())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void bothWaysSurviveAndTheTableSaysWhatTheyCost() {
    int code = pools("--client", "postgresql", "--time", "2s");
    assertEquals(0, code, () -> out + "\n" + err);
    String common = " +[1-9][0-9,]* +[1-9][0-9,]* +[1-9][0-9,]* +0 +";
    String end = " +10 of 10 +0 +0";
    assertRow("postgresql, by protocol" + common + "[1-9][0-9,]* +0" + end);
    assertRow("postgresql, cut" + common + "0 +[1-9][0-9,]*" + end);
    assertTrue(out.toString().contains("Nothing broke."), out::toString);
  }

  private void assertRow(String pattern) {
    assertTrue(out.toString().lines().anyMatch(line -> line.matches(pattern)), out::toString);
  }

  @Test
  void aSessionThatSomebodyElseEndsIsFound() throws Exception {
    FutureTask<Integer> storm =
        new FutureTask<>(() ->
            pools("--client=postgresql", "--by-protocol=yes", "--time=60s", "--seed=1", "--json"));
    Thread.ofPlatform().start(storm);
    while (!storm.isDone()) {
      killSleepers();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertEquals(1, storm.get());
    assertTrue(out.toString().startsWith("{\"seconds\":60,\"seed\":1,"), out::toString);
    assertFalse(out.toString().contains("\"broken\":[]"), out::toString);
  }

  /** Over a connection that is soon gone: the storm begins when it is alone. */
  private static void killSleepers() throws SQLException {
    try (Connection killer = DriverManager.getConnection(Client.POSTGRESQL.plainUrl());
        Statement statement = killer.createStatement()) {
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep%'"
              + " and pid <> pg_backend_pid()");
    }
  }

  @Test
  void wrongOptionsAreRefusedWithWhatIsRight() {
    assertEquals(2, pools("--client", "oracle"));
    assertEquals(2, pools("--by-protocol", "maybe"));
    assertEquals(2, pools("--time", "5"));
    assertEquals(2, pools("--time", "25h"));
    String said = err.toString();
    assertTrue(
        said.contains("--client oracle: give one of [all, mariadb, mysql, postgresql]"), said);
    assertTrue(said.contains("--by-protocol maybe: give one of [both, no, yes]"), said);
    assertTrue(said.contains("not a time such as 5m, 90s or 1h30m: 5"), said);
    assertTrue(said.contains("give 1s to 24h"), said);
  }

  @Test
  void helpHasExamples() {
    assertEquals(0, pools("--help"));
    assertTrue(out.toString().contains("./cleanbreak pools --time 1m --seed 42"), out::toString);
  }
}
