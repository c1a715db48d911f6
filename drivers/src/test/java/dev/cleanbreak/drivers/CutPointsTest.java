package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.Cut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every driver, cut wherever it can stand, in every way, on both kinds of threads. What each said,
 * and what was left, goes into a table where {@code -Ddev.cleanbreak.drivers.table=FOLDER} asks for
 * it; the pages of the drivers show it.
 */
@Timeout(120)
class CutPointsTest {
  private static final SSLContext BEFORE = standard();

  @BeforeAll
  static void startServers() {
    Servers.warmUp();
    CleanTlsProviderTest.register();
    // What pgjdbc gives to CleanSslSocketFactory.
    SSLContext.setDefault(TlsCredentials.trustingServer());
  }

  @AfterAll
  static void reset() {
    SSLContext.setDefault(BEFORE);
  }

  private static SSLContext standard() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static final String FOLDER = System.getProperty("dev.cleanbreak.drivers.table");
  private static final Map<Client, List<String>> TABLE = new LinkedHashMap<>();

  static List<Arguments> points() {
    List<Arguments> points = new ArrayList<>();
    for (Client client : Client.values()) {
      for (CutPoint point : CutPoint.values()) {
        for (boolean tls : new boolean[] {false, true}) {
          if (!point.isOf(client)) {
            continue;
          }
          if (tls ? point.isThereUnderTls() : point.isThereWithoutTls()) {
            points.add(Arguments.of(client, point, tls, false));
            if (point.hasStatement) {
              points.add(Arguments.of(client, point, tls, true));
            }
          }
        }
      }
    }
    return points;
  }

  @ParameterizedTest
  @MethodSource("points")
  void everyCutIsNamedAndNothingIsLeft(
      Client client, CutPoint point, boolean tls, boolean byProtocol) throws Exception {
    ProtocolCancel by = byProtocol ? ProtocolCancel.within(point.grace) : null;
    // Which way of cutting led where; most often all lead to the same.
    Map<String, SortedSet<Cutter>> seen = new LinkedHashMap<>();
    for (Cutter cutter : Cutter.values()) {
      for (ThreadKind kind : kinds(cutter)) {
        String outcome = cutOnce(client, point, tls, by, cutter, kind);
        seen.computeIfAbsent(outcome, any -> new TreeSet<>()).add(cutter);
      }
    }
    seen.forEach((outcome, cutters) ->
        TABLE
            .computeIfAbsent(client, any -> new ArrayList<>())
            .add(
                "| "
                    + point.text
                    + (tls && point.hasStatement ? ", TLS" : "")
                    + (byProtocol ? ", **by protocol**" : "")
                    + " | "
                    + (cutters.size() == 3 ? "any" : lower(cutters))
                    + outcome
                    + " |"));
  }

  /** All where the table is wanted; else, an interrupt apart, in turn, to be quick. */
  private static List<ThreadKind> kinds(Cutter cutter) {
    if (FOLDER != null || cutter == Cutter.INTERRUPT) {
      return List.of(ThreadKind.values());
    }
    return List.of(cutter == Cutter.CANCEL ? ThreadKind.PLATFORM : ThreadKind.VIRTUAL);
  }

  private static String lower(SortedSet<Cutter> cutters) {
    List<String> names =
        cutters.stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    return String.join(", ", names);
  }

  private static String cutOnce(
      Client client,
      CutPoint point,
      boolean tls,
      @Nullable ProtocolCancel by,
      Cutter cutter,
      ThreadKind kind)
      throws Exception {
    try (Connection onlooker = DriverManager.getConnection(client.plainUrl());
        Relay relay = point.relay(client)) {
      ledger(client, onlooker);
      Conditions.await(
          "no session of an earlier test is left",
          () -> Client.number(onlooker, client.sessions()) == 0);
      String url = tls ? client.tlsUrl(relay.port()) : client.url(relay.port());
      Connection on = point.hasStatement ? DriverManager.getConnection(url) : null;
      point.prepare(client, relay, on);
      Victim victim = new Victim(kind, () -> point.work(client, url, on, by));
      Conditions.await(
          point.text, () -> point.isThere(client, relay, onlooker) && victim.isWaiting());

      victim.cut(cutter);
      if (by != null && point != CutPoint.COMMIT) {
        // The link is quick again: what the server says comes within the grace.
        relay.release();
      }
      Throwable thrown = victim.ended();

      boolean done = by != null && thrown == null;
      if (!done) {
        assertTrue(
            Said.cuts(thrown).stream().anyMatch(cut -> isFrom(cutter, cut)),
            () -> Said.text(thrown));
        if (by == null) {
          assertEquals(tls, Said.text(thrown).contains("dev.cleanbreak.Tls"));
        }
      }
      assertEquals(cutter == Cutter.INTERRUPT, victim.wasInterrupted());
      String left = "no connection";
      boolean open = false;
      if (on != null) {
        open = !on.isClosed();
      }
      relay.release();
      if (on != null) {
        left = !open ? "closed" : goesOn(on) ? "open, goes on" : "**open, out of step: abort it**";
        on.abort(Runnable::run);
      }
      assertTrue(!left.contains("abort") || point.text.contains("COPY"), left);
      String server = serverAfter(client, onlooker);
      String rows = rows(onlooker);
      return " | "
          + (done ? "nothing: it was quicker than the cancel" : said(thrown))
          + " | "
          + left
          + " | "
          + server
          + rows;
    }
  }

  private static boolean goesOn(Connection on) {
    try {
      return CancelScope.within(Duration.ofSeconds(1))
          .call(() -> Client.number(on, "select 7") == 7);
    } catch (SQLException e) {
      return false;
    }
  }

  private static boolean isFrom(Cutter cutter, Cut cut) {
    return cut.kind() == cutter.kind()
        && (cutter == Cutter.INTERRUPT || "request 4711".equals(cut.scope()));
  }

  private static String said(Throwable thrown) {
    return "`" + thrown.getClass().getSimpleName() + "` " + Said.state(thrown);
  }

  /** Whether the server has forgotten the session, or still works for nobody. */
  private static String serverAfter(Client client, Connection onlooker) throws Exception {
    if (Client.number(onlooker, client.running("(61")) > 0) {
      List<Long> ids = client.ids(onlooker, "(61");
      boolean goesOn =
          Conditions.holdsFor(
              Duration.ofMillis(300), () -> Client.number(onlooker, client.running("(61")) > 0);
      for (long id : ids) {
        client.terminate(onlooker, id);
      }
      Conditions.await(
          "killed sessions end", () -> Client.number(onlooker, client.sessions()) == 0);
      return goesOn ? "goes on with the statement" : "session ended";
    }
    Conditions.await("the session ends", () -> Client.number(onlooker, client.sessions()) == 0);
    return "session ended";
  }

  private static String rows(Connection onlooker) throws SQLException {
    long rows = Client.number(onlooker, "select count(*) from ledger");
    assertTrue(rows <= 1, () -> "rows: " + rows);
    return rows == 0 ? "" : ", row committed once";
  }

  private static void ledger(Client client, Connection onlooker) throws SQLException {
    try (Statement statement = onlooker.createStatement()) {
      statement.execute("drop table if exists ledger");
      statement.execute("create table ledger (id int primary key, page " + client.bytes() + ")");
    }
  }

  @AfterAll
  static void printTable() throws IOException {
    if (FOLDER == null) {
      return;
    }
    for (Map.Entry<Client, List<String>> each : TABLE.entrySet()) {
      StringBuilder text = new StringBuilder();
      text.append(
          "| where it was cut | by | what the driver said | the connection | the server |\n");
      text.append("| --- | --- | --- | --- | --- |\n");
      each.getValue().forEach(row -> text.append(row).append('\n'));
      Path folder = Files.createDirectories(Path.of(FOLDER));
      Files.writeString(
          folder.resolve(each.getKey().name().toLowerCase(Locale.ROOT) + ".md"), text);
    }
  }
}
