package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.ShutdownReport.How;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server's limits, and its shutdown in every state that a connection can be in. */
@Timeout(60)
class CleanServerTest {
  private static final Duration GRACE = ServerRig.GRACE;
  private static final Duration SHORT = Duration.ofMillis(50);

  @RegisterExtension final ServerRig rig = new ServerRig();

  private static void echo(CleanSocket socket, ServedConnection connection) throws IOException {
    InputStream in = socket.getInputStream();
    for (int each; (each = connection.idle(in::read)) >= 0; ) {
      socket.getOutputStream().write(each);
    }
  }

  private static void assertEchoes(Socket client, int each) throws IOException {
    client.getOutputStream().write(each);
    assertEquals(each, client.getInputStream().read());
  }

  private static void awaitConnections(CleanServer<?> server, int count) {
    Conditions.await(count + " connections", () -> server.connections() == count);
  }

  // ---- serving

  @Test
  void eachConnectionIsServedInAScopeOfItsOwn() throws Exception {
    List<String> scopes = new ArrayList<>();
    try (CleanServer<CleanSocket> server =
            rig.started((socket, connection) -> {
              synchronized (scopes) {
                scopes.add(CancelScope.current().name() + " " + Thread.currentThread().getName());
              }
              echo(socket, connection);
            });
        Socket one = rig.client(server);
        Socket two = rig.client(server)) {
      assertEchoes(one, 1);
      assertEchoes(two, 2);
      assertEchoes(one, 3);
      synchronized (scopes) {
        assertEquals(
            List.of("tested-1 tested-1", "tested-2 tested-2"), scopes.stream().sorted().toList());
      }
    }
  }

  @Test
  void tlsConnectionsAreServedAndEndInOrder() throws Exception {
    CleanSslServerSocket listener =
        new CleanSslServerSocketFactory(TlsCredentials.server(), SocketSettings.standard())
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    CleanServer<CleanSslSocket> server =
        CleanServer.on(
                listener,
                ServerSettings.standard(),
                (socket, connection) -> {
                  assertEquals('?', socket.getInputStream().read());
                  socket.getOutputStream().write("answer".getBytes());
                })
            .start();
    try (server;
        Socket plain = rig.client(server);
        SSLSocket client =
            (SSLSocket)
                TlsCredentials.client()
                    .getSocketFactory()
                    .createSocket(plain, "localhost", plain.getPort(), true)) {
      client.getOutputStream().write('?');
      assertEquals("answer", new String(client.getInputStream().readAllBytes()));
    }
  }

  @Test
  void unreadInputCausesNoReset() throws Exception {
    try (CleanServer<CleanSocket> server =
            rig.started(
                (socket, connection) -> socket.getOutputStream().write(new byte[5_000_000]));
        Socket client = rig.client(server)) {
      client.getOutputStream().write(new byte[100_000]);
      assertEquals(5_000_000, client.getInputStream().readAllBytes().length);
    }
  }

  @Test
  void aHandlerThatThrowsResetsItsConnectionAndNoOther() throws Exception {
    try (CleanServer<CleanSocket> server =
            rig.started((socket, connection) -> {
              int first = socket.getInputStream().read();
              socket.getOutputStream().write(first);
              if (first == 'x') {
                throw new IllegalStateException("a defect of the handler");
              }
              echo(socket, connection);
            });
        Socket good = rig.client(server);
        Socket bad = rig.client(server)) {
      assertEchoes(good, 1);
      bad.getOutputStream().write('x');
      assertThrows(SocketException.class, () -> bad.getInputStream().readAllBytes());
      assertEchoes(good, 2);
      awaitConnections(server, 1);
    }
  }

  @Test
  void aConnectionHasADeadline() throws Exception {
    AtomicReference<IOException> thrown = new AtomicReference<>();
    try (CleanServer<CleanSocket> server =
            rig.started(
                ServerSettings.standard().withConnectionLimit(SHORT),
                (socket, connection) -> {
                  thrown.set(assertThrows(IOException.class, () -> socket.getInputStream().read()));
                  throw thrown.get();
                });
        Socket client = rig.client(server)) {
      assertThrows(SocketException.class, () -> client.getInputStream().read());
      assertEquals(CutKind.DEADLINE, ((CutException) thrown.get()).cut().kind());
      assertEquals("tested-1", ((CutException) thrown.get()).cut().scope());
    }
  }

  @Test
  void anIdleConnectionTimesOutInBothDirections() throws Exception {
    List<Operation> timedOut = new ArrayList<>();
    try (CleanServer<CleanSocket> server =
            rig.started(
                ServerSettings.standard().withIdleLimit(SHORT),
                (socket, connection) -> {
                  CutTimeoutException read =
                      assertThrows(CutTimeoutException.class, () -> socket.getInputStream().read());
                  CutTimeoutException write =
                      assertThrows(
                          CutTimeoutException.class,
                          () -> {
                            while (true) {
                              socket.getOutputStream().write(new byte[100_000]);
                            }
                          });
                  synchronized (timedOut) {
                    timedOut.add(read.cut().call());
                    timedOut.add(write.cut().call());
                  }
                });
        Socket client = rig.client(server)) {
      Conditions.await("both", () -> sizeOf(timedOut) == 2);
      assertEquals(List.of(Operation.READ, Operation.WRITE), timedOut);
      assertFalse(client.isClosed());
    }
  }

  private static int sizeOf(List<?> list) {
    synchronized (list) {
      return list.size();
    }
  }

  @Test
  void connectionsBeyondTheLimitWaitAndNoneIsRefused() throws Exception {
    try (CleanServer<CleanSocket> server =
            rig.started(ServerSettings.standard().withMaxConnections(2), CleanServerTest::echo);
        Socket one = rig.client(server);
        Socket two = rig.client(server);
        Socket three = rig.client(server)) {
      assertEchoes(one, 1);
      assertEchoes(two, 2);
      three.getOutputStream().write(3);
      three.setSoTimeout(50);
      assertThrows(java.net.SocketTimeoutException.class, () -> three.getInputStream().read());
      assertEquals(2, server.connections());
      one.shutdownOutput();
      three.setSoTimeout(20_000);
      assertEquals(3, three.getInputStream().read());
    }
  }

  @Test
  void connectionsBeyondTheLimitAreResetIfSoAsked() throws Exception {
    try (CleanServer<CleanSocket> server =
            rig.started(
                ServerSettings.standard().withMaxConnectionsOrRefuse(1), CleanServerTest::echo);
        Socket one = rig.client(server)) {
      assertEchoes(one, 1);
      try (Socket two = rig.client(server)) {
        assertThrows(SocketException.class, () -> two.getInputStream().read());
      }
      one.shutdownOutput();
      awaitConnections(server, 0);
      try (Socket three = rig.client(server)) {
        assertEchoes(three, 3);
      }
    }
  }

  @Test
  void theScopeOfTheStartCutsConnectionsAndAcceptor() throws Exception {
    CancelScope outer = CancelScope.open("outer");
    CountDownLatch cut = new CountDownLatch(1);
    CleanServer<CleanSocket> server =
        CleanServer.on(
            ServerRig.listen(),
            ServerSettings.standard(),
            (socket, connection) -> {
              assertThrows(CancelledIOException.class, () -> socket.getInputStream().read());
              cut.countDown();
            });
    outer.run(() -> {
      server.start();
      try (Socket client = rig.client(server)) {
        awaitConnections(server, 1);
        outer.cancel("all of it");
        assertTrue(cut.await(20, TimeUnit.SECONDS));
        assertEquals(-1, client.getInputStream().read());
      }
    });
    assertTrue(server.shutdown(GRACE).isClean());
  }

  // ---- shutdown

  @Test
  void aServerThatOnlyAcceptsEndsAtOnceAndFreesItsPort() throws Exception {
    CleanServer<CleanSocket> server = rig.started(CleanServerTest::echo);
    int port = ((java.net.InetSocketAddress) server.localAddress()).getPort();
    ShutdownReport report = server.shutdown(GRACE);
    assertEquals(List.of(), report.ends());
    assertTrue(report.isClean());
    assertSame(report, server.shutdown(Duration.ZERO), "idempotent");
    assertThrows(IllegalStateException.class, server::start);
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void idleConnectionsEndAtOnce() throws Exception {
    CleanServer<CleanSocket> server = rig.started(CleanServerTest::echo);
    try (Socket client = rig.client(server)) {
      assertEchoes(client, 1);
      FutureTask<Integer> end = new FutureTask<>(() -> client.getInputStream().read());
      Thread.ofVirtual().start(end);
      ShutdownReport report = server.shutdown(GRACE);
      assertEquals(1, report.count(How.IDLE), report::toString);
      assertEquals(-1, end.get(20, TimeUnit.SECONDS), "the end, not a reset");
    }
  }

  @Test
  void idleConnectionsAreNoCutOnesWhateverTheGrace() throws Exception {
    int many = 40;
    CleanServer<CleanSocket> server = rig.started(CleanServerTest::echo);
    for (int i = 0; i < many; i++) {
      assertEchoes(rig.client(server), i);
    }
    ShutdownReport report = server.shutdown(Duration.ZERO);
    assertEquals(many, report.count(How.IDLE), report::toString);
    assertTrue(report.isClean());
  }

  @Test
  void aBusyHandlerCompletesWithinTheGrace() throws Exception {
    CountDownLatch shutDown = new CountDownLatch(1);
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) -> {
          int request = connection.idle(() -> socket.getInputStream().read());
          shutDown.await();
          Conditions.await("the shutdown", connection::isShuttingDown);
          socket.getOutputStream().write(request);
        });
    try (Socket client = rig.client(server)) {
      client.getOutputStream().write(7);
      awaitConnections(server, 1);
      FutureTask<ShutdownReport> report = rig.shutdown(server);
      shutDown.countDown();
      assertEquals(7, client.getInputStream().read());
      assertEquals(-1, client.getInputStream().read());
      client.shutdownOutput();
      assertEquals(1, report.get().count(How.DRAINED), () -> "" + report.resultNow());
    }
  }

  @Test
  void aHandlerThatBecomesIdleDuringTheShutdownEndsAtOnce() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) -> {
          busy.countDown();
          release.await();
          echo(socket, connection);
        });
    try (Socket client = rig.client(server)) {
      busy.await();
      client.getOutputStream().write(6);
      FutureTask<ShutdownReport> report = rig.shutdown(server);
      release.countDown();
      assertEquals(6, client.getInputStream().read(), "a request that was there is served");
      assertEquals(-1, client.getInputStream().read(), "and then no other is waited for");
      client.shutdownOutput();
      assertEquals(1, report.get().count(How.IDLE), () -> "" + report.resultNow());
    }
  }

  @Test
  void aHandlerThatWaitsElsewhereIsInterrupted() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CleanServer<CleanSocket> server = rig.started((socket, connection) -> never.await());
    try (Socket client = rig.client(server)) {
      awaitConnections(server, 1);
      ShutdownReport report = server.shutdown(Duration.ZERO);
      assertEquals(1, report.count(How.FORCED), report::toString);
      assertTrue(report.toString().contains("CountDownLatch.await"), report::toString);
      assertFalse(client.isClosed());
    }
  }

  @Test
  void whatTheBacklogHoldsIsServed() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CleanServer<CleanSocket> server =
        rig.started(
            ServerSettings.standard().withMaxConnections(1),
            (socket, connection) -> {
              int request = socket.getInputStream().read();
              release.await();
              socket.getOutputStream().write(request);
            });
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Socket client = rig.client(server);
      client.getOutputStream().write(i);
      clients.add(client);
    }
    awaitConnections(server, 1);
    FutureTask<ShutdownReport> report = rig.shutdown(server);
    release.countDown();
    for (int i = 0; i < 10; i++) {
      try (Socket client = clients.get(i)) {
        assertEquals(i, client.getInputStream().read());
      }
    }
    assertEquals(10, report.get().count(How.DRAINED), () -> "" + report.resultNow());
  }

  @Test
  void aWriteToAPeerThatNeverReadsIsCut() throws Exception {
    AtomicReference<Cut> seen = new AtomicReference<>();
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) -> {
          try {
            while (true) {
              socket.getOutputStream().write(new byte[1_000_000]);
            }
          } catch (CancelledIOException e) {
            seen.set(e.cut());
            throw e;
          }
        });
    try (Socket client = rig.client(server)) {
      awaitConnections(server, 1);
      ShutdownReport report = server.shutdown(SHORT);
      assertEquals(1, report.count(How.CUT), report::toString);
      assertFalse(report.isClean());
      assertEquals(CutKind.SHUTDOWN, seen.get().kind());
      assertTrue(report.toString().contains("cut: tested-1, client /127.0.0.1:"), report::toString);
      assertThrows(
          SocketException.class, () -> client.getInputStream().readAllBytes(), "half an answer");
    }
  }

  @Test
  void aShieldedHandlerIsForcedAndNamedWithItsStack() throws Exception {
    AtomicReference<IOException> thrown = new AtomicReference<>();
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) ->
            CancelScope.shielded(GRACE)
                .run(() ->
                    thrown.set(
                        assertThrows(IOException.class, () -> socket.getInputStream().read()))));
    try (Socket client = rig.client(server)) {
      awaitConnections(server, 1);
      ShutdownReport report = server.shutdown(Duration.ZERO);
      assertEquals(1, report.count(How.FORCED), report::toString);
      assertTrue(report.toString().contains("CleanServerTest"), report::toString);
      assertThrows(SocketException.class, () -> client.getInputStream().read());
      assertTrue(
          thrown.get().getMessage().contains("the server shuts down"), thrown.get()::toString);
    }
  }

  @Test
  void aHandlerThatIgnoresEverythingIsReportedAsStuck() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) -> ignoresEverything(release));
    try (Socket client = rig.client(server)) {
      awaitConnections(server, 1);
      ShutdownReport report = server.shutdown(Duration.ZERO);
      assertEquals(1, report.count(How.STUCK), report::toString);
      assertTrue(report.toString().contains("ignoresEverything"), report::toString);
      assertThrows(SocketException.class, () -> client.getInputStream().read());
    } finally {
      release.countDown();
    }
    awaitConnections(server, 0);
  }

  private static void ignoresEverything(CountDownLatch release) {
    while (release.getCount() > 0) {
      Thread.interrupted();
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aHandlerMayCallForTheShutdown() throws Exception {
    AtomicReference<CleanServer<CleanSocket>> server = new AtomicReference<>();
    AtomicReference<ShutdownReport> inside = new AtomicReference<>();
    server.set(
        rig.started((socket, connection) -> {
          int request = socket.getInputStream().read();
          inside.set(server.get().shutdown(GRACE));
          socket.getOutputStream().write(request);
        }));
    try (Socket client = rig.client(server.get())) {
      awaitConnections(server.get(), 1);
      client.getOutputStream().write(5);
      assertEquals(5, client.getInputStream().read(), "the caller goes on");
      assertSame(inside.get(), server.get().shutdown(GRACE));
      assertEquals(1, inside.get().count(How.CALLER), () -> "" + inside.get());
    }
  }

  @Test
  void twoHandlersMayCallForTheShutdownAtOnce() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    List<ShutdownReport> reports = new ArrayList<>();
    AtomicReference<CleanServer<CleanSocket>> server = new AtomicReference<>();
    server.set(
        rig.started((socket, connection) -> {
          both.countDown();
          both.await();
          ShutdownReport report = server.get().shutdown(GRACE);
          synchronized (reports) {
            reports.add(report);
          }
        }));
    try (Socket one = rig.client(server.get());
        Socket two = rig.client(server.get())) {
      Conditions.await("both reports", () -> sizeOf(reports) == 2);
      assertSame(reports.get(0), reports.get(1));
      assertEquals(-1, one.getInputStream().read());
      assertEquals(-1, two.getInputStream().read());
    }
  }

  @Test
  void shutdownBeforeStartClosesTheListener() throws Exception {
    CleanServerSocket listener = ServerRig.listen();
    CleanServer<CleanSocket> server =
        CleanServer.on(listener, ServerSettings.standard(), CleanServerTest::echo);
    assertTrue(server.shutdown(GRACE).isClean());
    assertTrue(listener.isClosed());
    assertThrows(IllegalStateException.class, server::start);
  }

  @Test
  void anInterruptEndsTheGraceAndStays() throws Exception {
    CleanServer<CleanSocket> server =
        rig.started((socket, connection) -> socket.getInputStream().read());
    try (Socket client = rig.client(server)) {
      awaitConnections(server, 1);
      Thread.currentThread().interrupt();
      ShutdownReport report = server.shutdown(GRACE);
      assertTrue(Thread.interrupted());
      assertEquals(1, report.count(How.CUT), report::toString);
      assertFalse(client.isClosed());
    }
  }

  @Test
  void badArgumentsSayWhatIsAccepted() throws Exception {
    ServerSettings standard = ServerSettings.standard();
    assertMessage("max connections < 1: 0; give 1 or more", () -> standard.withMaxConnections(0));
    assertMessage(
        "idle limit < 0: PT-1S; give zero or more",
        () -> standard.withIdleLimit(Duration.ofSeconds(-1)));
    CleanServer<CleanSocket> unbound =
        CleanServer.on(new CleanServerSocket(), standard, CleanServerTest::echo);
    assertEquals(
        "the listener of server \"server\" is not bound; bind it first",
        assertThrows(IllegalStateException.class, unbound::start).getMessage());
    try (CleanServer<CleanSocket> server = rig.started(CleanServerTest::echo)) {
      assertMessage(
          "grace < 0: PT-1S; give zero or more", () -> server.shutdown(Duration.ofSeconds(-1)));
      assertThrows(IllegalStateException.class, server::start);
      assertFalse(server.isShuttingDown(), "nothing has begun");
    }
  }

  private static void assertMessage(String expected, Runnable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  // ---- storms

  /** Each client is served in full, or finds a reset or a refusal; nothing between. */
  @Test
  void aShutdownInAStormOfConnectsTellsTheTruth() throws Exception {
    SplittableRandom random = new SplittableRandom();
    for (int round = 0; round < 10; round++) {
      AtomicInteger handled = new AtomicInteger();
      CleanServer<CleanSocket> server =
          rig.started((socket, connection) -> {
            byte[] request = socket.getInputStream().readNBytes(3);
            socket.getOutputStream().write(request);
            handled.incrementAndGet();
          });
      AtomicInteger whole = new AtomicInteger();
      List<Throwable> wrong = new ArrayList<>();
      List<Thread> clients = new ArrayList<>();
      int stopAfter = random.nextInt(100);
      for (int i = 0; i < 8; i++) {
        clients.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    while (exchange(server)) {
                      whole.incrementAndGet();
                    }
                  } catch (IOException | AssertionError e) {
                    synchronized (wrong) {
                      wrong.add(e);
                    }
                  }
                }));
      }
      Conditions.await("some exchanges", () -> whole.get() >= stopAfter);
      ShutdownReport report = server.shutdown(GRACE);
      for (Thread client : clients) {
        client.join();
      }
      assertEquals(List.of(), wrong);
      assertEquals(report.ends().size(), report.count(How.DRAINED), report::toString);
      assertEquals(whole.get(), handled.get(), "what was handled has arrived");
      assertEquals(0, server.connections());
    }
  }

  /** False once the server is gone: a refusal, or a reset before the first byte of the answer. */
  private boolean exchange(CleanServer<?> server) throws IOException {
    byte[] answer;
    try (Socket client = rig.client(server)) {
      client.getOutputStream().write(new byte[] {1, 2, 3});
      int first = client.getInputStream().read();
      assertEquals(1, first);
      answer = client.getInputStream().readAllBytes();
    } catch (SocketException gone) {
      if (server.isShuttingDown()) {
        return false;
      }
      throw gone;
    }
    assertEquals(2, answer.length);
    return true;
  }
}
