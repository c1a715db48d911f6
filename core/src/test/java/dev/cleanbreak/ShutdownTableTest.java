package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.ShutdownReport.How;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a shutdown reports of a connection in each state, and what the client sees: the table of
 * docs/server.md. With {@code -DwriteTables=true} it is put there.
 */
@Timeout(60)
class ShutdownTableTest {
  private static final Path PAGE =
      Path.of("").toAbsolutePath().resolveSibling("docs").resolve("server.md");
  private static final Pattern TABLE =
      Pattern.compile("(?<=<!-- table: shutdown -->\\n).*?(?=<!-- end -->)", Pattern.DOTALL);
  private static final String HEAD =
      """
      | the server, or the handler of its one connection | grace | returns | report | the client sees |
      | --- | --- | --- | --- | --- |
      """;

  private static final String LONG_GRACE = "long";
  private static final String SHORT_GRACE = "short";
  private static final String NO_GRACE = "zero";

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BYE = "bye".getBytes(StandardCharsets.US_ASCII);

  /** More than the kernel takes for a peer that does not read. */
  private static final int LARGE = 32 << 20;

  @RegisterExtension final ServerRig rig = new ServerRig();

  /** What became of a shutdown. */
  private record Seen(ShutdownReport report, String client) {}

  private interface Scene {
    Seen play(Duration grace) throws Exception;
  }

  private record Row(String state, String grace, Scene scene) {
    String text() throws Exception {
      Duration given =
          switch (grace) {
            case LONG_GRACE -> ServerRig.GRACE;
            case SHORT_GRACE -> Duration.ofMillis(50);
            default -> Duration.ZERO;
          };
      Seen seen = scene.play(given);
      boolean within = seen.report.took().compareTo(seen.report.grace()) < 0;
      return "| %s | %s | %s | %s | %s |%n"
          .formatted(
              state, grace, within ? "within it" : "after it", ends(seen.report), seen.client);
    }

    private static String ends(ShutdownReport report) {
      String ends =
          Stream.of(How.values())
              .filter(how -> report.count(how) > 0)
              .map(how -> report.count(how) + " " + how.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
      return (ends.isEmpty() ? "no connections" : ends) + (report.isClean() ? "" : "; not clean");
    }
  }

  @Test
  void eachStateEndsAsThePageSays() throws Exception {
    List<FutureTask<String>> rows = new ArrayList<>();
    for (Row row : rows()) {
      FutureTask<String> text = new FutureTask<>(row::text);
      rows.add(text);
      Thread.ofPlatform().name(row.state).daemon().start(text);
    }
    StringBuilder table = new StringBuilder(HEAD);
    for (FutureTask<String> row : rows) {
      table.append(row.get());
    }
    assertStandsOnThePage(table.toString());
  }

  private static void assertStandsOnThePage(String seen) throws IOException {
    String page = Files.readString(PAGE);
    Matcher table = TABLE.matcher(page);
    assertTrue(table.find(), PAGE + " has no table");
    if (Boolean.getBoolean("writeTables")) {
      Files.writeString(PAGE, table.replaceFirst(Matcher.quoteReplacement(seen)));
    } else {
      assertEquals(seen, table.group());
    }
  }

  private List<Row> rows() {
    return List.of(
        new Row("not started", LONG_GRACE, this::notStarted),
        new Row("accepts, no connection", LONG_GRACE, this::accepts),
        new Row("idle: waits in `idle`", LONG_GRACE, grace -> waitsInIdle(grace)),
        new Row("idle: waits in `idle`", NO_GRACE, grace -> waitsInIdle(grace)),
        new Row("idle, but waits in a plain `read`", SHORT_GRACE, this::waitsInRead),
        new Row("busy, and answers within the grace", LONG_GRACE, this::busy),
        new Row("writes 32 MiB to a slow reader", LONG_GRACE, this::slowReader),
        new Row("writes 32 MiB to a client that never reads", SHORT_GRACE, this::neverReads),
        new Row("has answered and returned; the client stays", SHORT_GRACE, this::clientStays),
        new Row("still in the backlog", LONG_GRACE, this::inTheBacklog),
        new Row("catches the cut and says goodbye in a shield", NO_GRACE, this::saysGoodbye),
        new Row("reads in a shield longer than the grace", NO_GRACE, this::shielded),
        new Row("waits elsewhere, in a latch", NO_GRACE, this::waitsElsewhere),
        new Row("catches everything and reads on", NO_GRACE, this::catchesEverything),
        new Row("calls `shutdown` itself, then answers", LONG_GRACE, this::callsShutdown),
        new Row("busy; two threads call `shutdown` at once", LONG_GRACE, this::twiceAtOnce));
  }

  // ---- the states

  private Seen notStarted(Duration grace) throws IOException {
    CleanServer<CleanSocket> server =
        CleanServer.on(
            ServerRig.listen(), ServerSettings.standard(), ShutdownTableTest::waitsInIdle);
    return new Seen(server.shutdown(grace), newClient(server));
  }

  private Seen accepts(Duration grace) throws IOException {
    CleanServer<CleanSocket> server = rig.started(ShutdownTableTest::waitsInIdle);
    return new Seen(server.shutdown(grace), newClient(server));
  }

  private static void waitsInIdle(CleanSocket socket, ServedConnection connection)
      throws IOException {
    socket.getOutputStream().write(HELLO);
    connection.idle(socket.getInputStream()::read);
  }

  private Seen waitsInIdle(Duration grace) throws Exception {
    return greeted(grace, ShutdownTableTest::waitsInIdle);
  }

  private Seen waitsInRead(Duration grace) throws Exception {
    return greeted(
        grace,
        (socket, connection) -> {
          socket.getOutputStream().write(HELLO);
          socket.getInputStream().read();
        });
  }

  private Seen busy(Duration grace) throws Exception {
    return greeted(
        grace,
        (socket, connection) -> {
          socket.getOutputStream().write(HELLO);
          Conditions.await("the shutdown", connection::isShuttingDown);
          socket.getOutputStream().write(BYE);
        });
  }

  private Seen slowReader(Duration grace) throws Exception {
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) -> socket.getOutputStream().write(new byte[LARGE]));
    Socket client = rig.client(server);
    awaitOneConnection(server);
    FutureTask<ShutdownReport> report = rig.shutdown(server);
    String saw = sees(client);
    return new Seen(report.get(), saw);
  }

  private Seen neverReads(Duration grace) throws Exception {
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) -> socket.getOutputStream().write(new byte[LARGE]));
    Socket client = rig.client(server);
    awaitOneConnection(server);
    return new Seen(server.shutdown(grace), sees(client));
  }

  private Seen clientStays(Duration grace) throws Exception {
    ServerSettings patient = ServerSettings.standard().withLingerLimit(ServerRig.GRACE);
    CleanServer<CleanSocket> server =
        rig.started(patient, (socket, connection) -> socket.getOutputStream().write(HELLO));
    Socket client = rig.client(server);
    String saw = sees(client);
    return new Seen(server.shutdown(grace), saw);
  }

  private Seen inTheBacklog(Duration grace) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CleanServer<CleanSocket> server =
        rig.started(
            ServerSettings.standard().withMaxConnections(1),
            (socket, connection) -> {
              release.await();
              socket.getOutputStream().write(HELLO);
            });
    Socket served = rig.client(server);
    awaitOneConnection(server);
    Socket waiting = rig.client(server);
    FutureTask<ShutdownReport> report = rig.shutdown(server);
    release.countDown();
    served.shutdownOutput();
    waiting.shutdownOutput();
    return new Seen(report.get(), sees(waiting));
  }

  private Seen saysGoodbye(Duration grace) throws Exception {
    return greeted(
        grace,
        (socket, connection) -> {
          socket.getOutputStream().write(HELLO);
          try {
            socket.getInputStream().read();
          } catch (CancelledIOException e) {
            CancelScope.shielded(Duration.ofMillis(500))
                .run(() -> socket.getOutputStream().write(BYE));
          }
        });
  }

  private Seen shielded(Duration grace) throws Exception {
    return greeted(
        grace,
        (socket, connection) -> {
          socket.getOutputStream().write(HELLO);
          CancelScope.shielded(ServerRig.GRACE).run(() -> socket.getInputStream().read());
        });
  }

  private Seen waitsElsewhere(Duration grace) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    return greeted(
        grace,
        (socket, connection) -> {
          socket.getOutputStream().write(HELLO);
          never.await();
        });
  }

  private Seen catchesEverything(Duration grace) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try {
      return greeted(
          grace,
          (socket, connection) -> {
            InputStream in = socket.getInputStream();
            socket.getOutputStream().write(HELLO);
            while (release.getCount() > 0) {
              try {
                in.read();
              } catch (IOException ignored) {
                // The defect that is looked at.
              }
            }
          });
    } finally {
      release.countDown();
    }
  }

  private Seen callsShutdown(Duration grace) throws Exception {
    AtomicReference<CleanServer<CleanSocket>> server = new AtomicReference<>();
    FutureTask<ShutdownReport> report = new FutureTask<>(() -> server.get().shutdown(grace));
    server.set(
        rig.started((socket, connection) -> {
          socket.getInputStream().read();
          report.run();
          socket.getOutputStream().write(BYE);
        }));
    Socket client = rig.client(server.get());
    client.getOutputStream().write('!');
    String saw = sees(client);
    return new Seen(report.get(), saw);
  }

  private Seen twiceAtOnce(Duration grace) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) -> {
          release.await();
          socket.getOutputStream().write(BYE);
        });
    Socket client = rig.client(server);
    awaitOneConnection(server);
    FutureTask<ShutdownReport> one = rig.shutdown(server);
    FutureTask<ShutdownReport> two = rig.shutdown(server);
    release.countDown();
    client.shutdownOutput();
    assertSame(one.get(), two.get(), "both have the same report");
    return new Seen(one.get(), sees(client));
  }

  // ---- what they share

  /** A shutdown once the handler has said hello. */
  private Seen greeted(Duration grace, CleanServer.Handler<CleanSocket> handler) throws Exception {
    CleanServer<CleanSocket> server = rig.started(handler);
    Socket client = rig.client(server);
    assertEquals("hello", new String(client.getInputStream().readNBytes(HELLO.length)));
    return new Seen(server.shutdown(grace), "`hello`, then " + sees(client));
  }

  private static void awaitOneConnection(CleanServer<?> server) {
    Conditions.await("a connection", () -> server.connections() == 1);
  }

  private String newClient(CleanServer<?> server) throws IOException {
    try {
      rig.client(server);
      return "a connection";
    } catch (ConnectException e) {
      return "a refusal";
    }
  }

  /** What comes until the end, and which end it is. */
  private static String sees(Socket client) throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    byte[] some = new byte[64 * 1024];
    try {
      for (int n; (n = client.getInputStream().read(some)) >= 0; ) {
        got.write(some, 0, n);
      }
    } catch (SocketException e) {
      // What was on its way may have come or not.
      return "a reset";
    }
    return switch (got.size()) {
      case 0 -> "the end";
      case LARGE -> "all of it, then the end";
      default -> "`" + got.toString(StandardCharsets.US_ASCII) + "`, then the end";
    };
  }
}
