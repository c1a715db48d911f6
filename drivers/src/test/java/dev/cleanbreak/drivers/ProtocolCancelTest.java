package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CancelledIOException;
import dev.cleanbreak.CleanServer;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import dev.cleanbreak.ServerSettings;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ProtocolCancelTest {
  @BeforeAll
  static void startServers() {
    Servers.warmUp();
  }

  private static final ProtocolCancel BY_PROTOCOL = ProtocolCancel.within(Duration.ofSeconds(10));

  static List<Arguments> everyWay() {
    List<Arguments> ways = new ArrayList<>();
    for (Client client : Client.values()) {
      for (Cutter cutter : Cutter.values()) {
        for (ThreadKind kind : ThreadKind.values()) {
          ways.add(Arguments.of(client, cutter, kind));
        }
      }
    }
    return ways;
  }

  @ParameterizedTest
  @MethodSource("everyWay")
  void aCutBecomesTheServersOwnErrorAndTheConnectionLives(
      Client client, Cutter cutter, ThreadKind kind) throws Exception {
    try (Connection connection = client.connect();
        Connection onlooker = client.connect();
        Statement statement = connection.createStatement()) {
      long id = Client.number(connection, client.id());
      Victim victim =
          new Victim(
              kind, () -> BY_PROTOCOL.call(statement, () -> statement.execute(client.sleep(61))));
      Conditions.await(
          "the statement runs", () -> Client.number(onlooker, client.running("(61")) == 1);

      victim.cut(cutter);

      SQLException said = assertInstanceOf(SQLException.class, victim.ended());
      assertTrue(client.saysCancelled(said), said::toString);
      CutException cut = assertInstanceOf(CutException.class, said.getSuppressed()[0]);
      assertEquals(cutter.kind(), cut.cut().kind());
      assertEquals(cutter == Cutter.INTERRUPT, victim.wasInterrupted());
      assertFalse(connection.isClosed());
      assertEquals(id, Client.number(connection, client.id()));
      assertEquals(0, Client.number(onlooker, client.running("(61")));
    }
  }

  /** What a handler of a server runs in a database ends when that server shuts down. */
  @ParameterizedTest
  @EnumSource
  void aShutdownIsACancelByProtocolForItsHandlers(Client client) throws Exception {
    try (Connection connection = client.connect();
        Connection onlooker = client.connect();
        Statement statement = connection.createStatement()) {
      long id = Client.number(connection, client.id());
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      CleanServer<CleanSocket> front =
          CleanServer.on(
                  new CleanServerSocket(0, 1, InetAddress.getLoopbackAddress()),
                  ServerSettings.standard().withName("front"),
                  (socket, inside) -> {
                    try {
                      BY_PROTOCOL.run(statement, () -> statement.execute(client.sleep(62)));
                      thrown.completeExceptionally(new AssertionError("it was not cut"));
                    } catch (Throwable e) {
                      thrown.complete(e);
                    }
                  })
              .start();
      try (Socket caller = new Socket()) {
        caller.connect(front.localAddress());
        Conditions.await(
            "the statement runs", () -> Client.number(onlooker, client.running("(62")) == 1);
        front.shutdown(Duration.ZERO);
      } finally {
        front.close();
      }

      SQLException said = assertInstanceOf(SQLException.class, thrown.get(20, TimeUnit.SECONDS));
      assertTrue(client.saysCancelled(said), said::toString);
      CutException cut = assertInstanceOf(CutException.class, said.getSuppressed()[0]);
      assertEquals(CutKind.SHUTDOWN, cut.cut().kind());
      assertFalse(connection.isClosed());
      assertEquals(id, Client.number(connection, client.id()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCutScopeExecutesNothing(Client client) throws Exception {
    try (Connection connection = client.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists refused");
      statement.execute("create table refused (id int)");
      CancelScope scope = CancelScope.open("request 4711");
      scope.cancel("the caller has gone");

      SQLException said =
          assertThrows(
              SQLTimeoutException.class,
              () ->
                  scope.run(() ->
                      BY_PROTOCOL.run(
                          statement, () -> statement.execute("insert into refused values (1)"))));

      assertEquals("57014", said.getSQLState());
      assertInstanceOf(CancelledIOException.class, said.getCause());
      assertEquals(0, Client.number(connection, "select count(*) from refused"));
    }
  }

  /** The worst that a network can do: the request overtakes nothing and arrives after the end. */
  @ParameterizedTest
  @EnumSource
  void aCancelThatComesLateHitsNothing(Client client) throws Exception {
    try (Connection connection = client.connect();
        Connection onlooker = client.connect();
        Statement driver = connection.createStatement();
        Statement killer = onlooker.createStatement()) {
      long id = Client.number(connection, client.id());
      for (int i = 0; i < 50; i++) {
        CountDownLatch ended = new CountDownLatch(1);
        GatedStatement gated =
            new GatedStatement(
                driver,
                () -> {
                  ended.await();
                  killer.execute(client.cancellation(id));
                });
        CancelScope scope = CancelScope.open("request 4711");

        boolean result =
            scope.call(() ->
                BY_PROTOCOL.call(
                    gated.statement,
                    () -> {
                      boolean rows = driver.execute("select 1");
                      scope.cancel("the caller has gone");
                      gated.entered.await();
                      ended.countDown();
                      return rows;
                    }));

        assertTrue(result);
        assertEquals(0, gated.running.get(), "returned while a cancel was under way");
        // Whoever has the connection next; nobody cancels this.
        driver.execute(client.sleepFor(0.01));
        assertEquals(7, Client.number(connection, "select 7"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelThatNeverReturnsCostsTheConnection(Client client) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(client.url());
    config.setMaximumPoolSize(1);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      long id;
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        id = Client.number(connection, client.id());
        GatedStatement gated = new GatedStatement(statement, never::await);
        CancelScope scope = CancelScope.open("request 4711");
        boolean result =
            scope.call(() ->
                ProtocolCancel.within(Duration.ofMillis(100))
                    .call(
                        gated.statement,
                        () -> {
                          boolean rows = statement.execute("select 1");
                          scope.cancel("the caller has gone");
                          gated.entered.await();
                          return rows;
                        }));
        assertTrue(result, "success wins");
      } finally {
        never.countDown();
      }
      try (Connection connection = pool.getConnection()) {
        assertNotEquals(id, Client.number(connection, client.id()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelAfterTheEndIsNone(Client client) throws Exception {
    try (Connection connection = client.connect();
        Statement driver = connection.createStatement()) {
      GatedStatement gated = new GatedStatement(driver, driver::cancel);
      CancelScope scope = CancelScope.open("request 4711");
      scope.run(() -> {
        BY_PROTOCOL.run(gated.statement, () -> driver.execute("select 1"));
        scope.cancel("the caller has gone");
        assertThrows(
            SQLTimeoutException.class,
            () -> BY_PROTOCOL.run(gated.statement, () -> driver.execute("select 1")));
      });
      assertEquals(0, gated.cancels.get());
      assertEquals(7, Client.number(connection, "select 7"));
    }
  }

  /** The server drops a cancel that overtakes its statement. */
  @ParameterizedTest
  @EnumSource
  void aCancelThatWasTooEarlyIsRepeated(Client client) throws Exception {
    try (Connection connection = client.connect();
        Connection onlooker = client.connect();
        Statement driver = connection.createStatement()) {
      AtomicBoolean first = new AtomicBoolean(true);
      GatedStatement gated =
          new GatedStatement(
              driver,
              () -> {
                if (!first.getAndSet(false)) {
                  driver.cancel();
                }
              });
      Victim victim =
          new Victim(
              ThreadKind.VIRTUAL,
              () -> BY_PROTOCOL.call(gated.statement, () -> driver.execute(client.sleep(61))));
      Conditions.await(
          "the statement runs", () -> Client.number(onlooker, client.running("(61")) == 1);

      victim.cut(Cutter.CANCEL);

      SQLException said = assertInstanceOf(SQLException.class, victim.ended());
      assertTrue(client.saysCancelled(said), said::toString);
      assertEquals(7, Client.number(connection, "select 7"));
    }
  }

  /** The cut was made in time, but its thread comes only now. */
  @ParameterizedTest
  @EnumSource
  void aCancelThatBeginsAfterTheEndIsNone(Client client) throws Exception {
    try (Connection connection = client.connect();
        Statement driver = connection.createStatement()) {
      GatedStatement gated = new GatedStatement(driver, driver::cancel);
      StatementCall call = new StatementCall(gated.statement, Duration.ofSeconds(10));
      call.run(() -> driver.execute("select 1"));
      call.cancel(new Exception("late"));
      assertEquals(0, gated.cancels.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofSeveralCutsTheFirstCounts(Client client) throws Exception {
    try (Connection connection = client.connect();
        Connection onlooker = client.connect();
        Statement driver = connection.createStatement()) {
      CountDownLatch rest = new CountDownLatch(1);
      GatedStatement gated =
          new GatedStatement(
              driver,
              () -> {
                rest.await();
                driver.cancel();
              });
      Victim victim =
          new Victim(
              ThreadKind.VIRTUAL,
              () -> BY_PROTOCOL.call(gated.statement, () -> driver.execute(client.sleep(61))));
      Conditions.await(
          "the statement runs", () -> Client.number(onlooker, client.running("(61")) == 1);
      victim.cut(Cutter.CANCEL);
      gated.entered.await();
      victim.cut(Cutter.INTERRUPT);
      victim.cut(Cutter.DEADLINE);
      rest.countDown();

      SQLException said = assertInstanceOf(SQLException.class, victim.ended());
      assertEquals(1, said.getSuppressed().length);
      assertEquals(CutKind.CANCELLED, Said.cuts(said).getFirst().kind());
      assertEquals(7, Client.number(connection, "select 7"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStatementMayBeClosedMeanwhile(Client client) throws Exception {
    try (Connection connection = client.connect();
        Connection onlooker = client.connect();
        Statement driver = connection.createStatement()) {
      GatedStatement gated =
          new GatedStatement(
              driver,
              () -> {
                Thread closer = Thread.ofVirtual().start(() -> closeQuietly(driver));
                driver.cancel();
                closer.join();
              });
      Victim victim =
          new Victim(
              ThreadKind.PLATFORM,
              () ->
                  ProtocolCancel.within(Duration.ofSeconds(2))
                      .call(gated.statement, () -> driver.execute(client.sleep(61))));
      Conditions.await(
          "the statement runs", () -> Client.number(onlooker, client.running("(61")) == 1);

      victim.cut(Cutter.CANCEL);

      assertNotNull(victim.ended());
      for (long id : client.ids(onlooker, "(61")) {
        client.terminate(onlooker, id);
      }
      if (!connection.isClosed()) {
        assertEquals(7, Client.number(connection, "select 7"));
      }
    }
  }

  private static void closeQuietly(Statement statement) {
    try {
      statement.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aShieldOutsideKeepsAnInterruptOff(Client client) throws Exception {
    try (Connection connection = client.connect();
        Connection onlooker = client.connect();
        Statement driver = connection.createStatement()) {
      GatedStatement gated = new GatedStatement(driver, driver::cancel);
      Victim victim =
          new Victim(
              ThreadKind.VIRTUAL,
              () ->
                  CancelScope.shielded(Duration.ofSeconds(20))
                      .call(() ->
                          BY_PROTOCOL.call(
                              gated.statement, () -> driver.execute(client.sleepFor(0.4)))));
      Conditions.await(
          "the statement runs", () -> Client.number(onlooker, client.running("(0.4")) == 1);

      victim.cut(Cutter.INTERRUPT);

      assertEquals(true, victim.returned());
      assertTrue(victim.wasInterrupted());
      assertEquals(0, gated.cancels.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptFromBeforeCancelsTheStatement(Client client) throws Exception {
    try (Connection connection = client.connect();
        Statement statement = connection.createStatement()) {
      Victim victim =
          new Victim(
              ThreadKind.PLATFORM,
              () -> {
                Thread.currentThread().interrupt();
                return BY_PROTOCOL.call(statement, () -> statement.execute(client.sleep(61)));
              });
      SQLException said = assertInstanceOf(SQLException.class, victim.ended());
      assertTrue(client.saysCancelled(said), said::toString);
      assertTrue(victim.wasInterrupted());
      assertEquals(7, Client.number(connection, "select 7"));
    }
  }

  /** A cancel that strikes the empty round trip has struck the transaction. */
  @Test
  void aLateHitThatCostsATransactionIsTold() throws Exception {
    Client client = Client.POSTGRESQL;
    try (Connection connection = client.connect();
        Statement driver = connection.createStatement()) {
      String cancellation = client.cancellation(Client.number(connection, client.id()));
      connection.setAutoCommit(false);
      boolean told = false;
      for (int i = 0; i < 5_000 && !told; i++) {
        driver.execute("select 1");
        try (Hail hail = new Hail(client, cancellation)) {
          GatedStatement gated = new GatedStatement(driver, hail::begin);
          CancelScope scope = CancelScope.open("request 4711");
          scope.run(() ->
              BY_PROTOCOL.run(
                  gated.statement,
                  () -> {
                    scope.cancel("the caller has gone");
                    gated.entered.await();
                  }));
        } catch (SQLException e) {
          told = true;
          assertEquals("57014", e.getSQLState());
          assertEquals(CutKind.CANCELLED, Said.cuts(e).getFirst().kind());
        }
        connection.rollback();
      }
      assertTrue(told, "the round trip was never hit");
    }
  }

  /** Cancels that go on after the one that was asked for has returned. */
  private static final class Hail implements AutoCloseable {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final CountDownLatch falling = new CountDownLatch(1);
    private final Connection onlooker;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;

    Hail(Client client, String cancellation) throws SQLException {
      onlooker = client.connect();
      thread =
          Thread.ofPlatform()
              .unstarted(() -> {
                try (Statement killer = onlooker.createStatement()) {
                  while (!stop.get()) {
                    killer.execute(cancellation + " from generate_series(1, 200)");
                    falling.countDown();
                  }
                  ended.complete(null);
                } catch (SQLException e) {
                  ended.completeExceptionally(e);
                }
              });
    }

    /** Returns when the first ones have fallen. */
    void begin() throws InterruptedException {
      thread.start();
      falling.await();
    }

    @Override
    public void close() throws SQLException {
      stop.set(true);
      ended.join();
      onlooker.close();
    }
  }

  @Test
  void aGraceIsNeeded() {
    IllegalArgumentException said =
        assertThrows(
            IllegalArgumentException.class, () -> ProtocolCancel.within(Duration.ofMillis(-5)));
    assertEquals(
        "grace cannot be PT-0.005S; give a positive duration, at most 100 years",
        said.getMessage());
  }
}
