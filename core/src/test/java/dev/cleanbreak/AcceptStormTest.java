package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.ShutdownReport.How;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of every bad kind in crowds, on a server with few places. */
@Timeout(120)
class AcceptStormTest {
  private static final int PLACES = 4;
  private static final int BACKLOG = 1_000;

  /** How a client behaves. */
  private enum Client {
    /** Asks, and wants its answer and the end. */
    ASKS,
    /** Asks and ends its side at once; it still wants the answer. */
    HALF_CLOSED,
    /** Is gone with a reset before anybody accepts it. */
    RESETS,
    /** Is gone in order before anybody accepts it. */
    LEAVES,
    /** Never says anything; the idle limit ends it. */
    SILENT
  }

  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger mostInside = new AtomicInteger();

  private OpenedDescriptors descriptors;
  private CleanServer<CleanSocket> server;

  @BeforeEach
  void startServer() throws IOException {
    warmUp();
    descriptors = OpenedDescriptors.baselineOrNull();
    server = start();
  }

  /** What stays open for good, such as the poller's selector, is opened before the baseline. */
  private void warmUp() throws IOException {
    CleanServer<CleanSocket> first = start();
    try (Socket client = connected(first)) {
      assertEquals(1, ask(client, 1));
    }
    first.close();
  }

  private CleanServer<CleanSocket> start() throws IOException {
    ServerSettings settings =
        ServerSettings.standard()
            .withName("stormed")
            .withMaxConnections(PLACES)
            .withIdleLimit(Duration.ofMillis(300));
    return CleanServer.on(
            new CleanServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()),
            settings,
            (socket, connection) -> {
              mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
              try {
                int request = socket.getInputStream().read();
                if (request >= 0) {
                  socket.getOutputStream().write(request);
                }
              } finally {
                inside.decrementAndGet();
              }
            })
        .start();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static Socket connected(CleanServer<?> server) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(server.localAddress());
      socket.setSoTimeout(60_000);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static int ask(Socket client, int request) throws IOException {
    client.getOutputStream().write(request);
    return client.getInputStream().read();
  }

  /** All are in the backlog, the gone ones gone, before one of them is accepted. */
  @Test
  void aBacklogOfGoneAndSilentClientsKeepsNobodyFromAnAnswer() throws Exception {
    List<Socket> guards = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      guards.add(connected(server));
    }
    Conditions.await("a full server", () -> server.connections() == PLACES);
    Map<Client, List<Socket>> clients = new EnumMap<>(Client.class);
    for (int i = 0; i < 800; i++) {
      // One in forty is silent: each of those holds a place for the whole idle limit.
      Client kind = i % 40 == 0 ? Client.SILENT : Client.values()[i % 4];
      clients.computeIfAbsent(kind, any -> new ArrayList<>()).add(begin(kind));
    }
    for (Socket each : guards) {
      each.close();
    }
    for (Client kind : clients.keySet()) {
      for (Socket each : clients.get(kind)) {
        assertEquals(expected(kind), end(kind, each), kind::toString);
      }
    }
    assertAllIsWell();
  }

  private Socket begin(Client kind) throws IOException {
    Socket client = connected(server);
    switch (kind) {
      case ASKS -> client.getOutputStream().write(7);
      case HALF_CLOSED -> {
        client.getOutputStream().write(7);
        client.shutdownOutput();
      }
      case RESETS -> {
        client.setSoLinger(true, 0);
        client.close();
      }
      case LEAVES -> client.close();
      case SILENT -> {}
    }
    return client;
  }

  private static String expected(Client kind) {
    return switch (kind) {
      case ASKS, HALF_CLOSED -> "7 and the end";
      case RESETS, LEAVES -> "gone";
      case SILENT -> "a reset";
    };
  }

  private static String end(Client kind, Socket client) throws IOException {
    if (client.isClosed()) {
      return "gone";
    }
    try (client) {
      int answer = client.getInputStream().read();
      return answer + " and " + (client.getInputStream().read() < 0 ? "the end" : "more");
    } catch (SocketException e) {
      return "a reset";
    }
  }

  /** Eight threads connect as fast as they can, each client of another kind than the last. */
  @Test
  void aStormOfConnectsLeavesNothingBehind() throws Exception {
    List<FutureTask<Integer>> stormers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      FutureTask<Integer> stormer = new FutureTask<>(this::storm);
      stormers.add(stormer);
      Thread.ofPlatform().daemon().start(stormer);
    }
    int answered = 0;
    for (FutureTask<Integer> each : stormers) {
      answered += each.get();
    }
    assertEquals(8 * 250, answered, "who asked and stayed was answered");
    assertAllIsWell();
  }

  private int storm() throws IOException {
    int answered = 0;
    for (int i = 0; i < 500; i++) {
      Client kind = Client.values()[i % 4];
      if ("7 and the end".equals(end(kind, begin(kind)))) {
        answered++;
      }
    }
    return answered;
  }

  private void assertAllIsWell() throws IOException {
    try (Socket after = connected(server)) {
      assertEquals(9, ask(after, 9), "the server answers afterwards");
    }
    assertTrue(mostInside.get() <= PLACES, () -> mostInside + " were served at once");
    Conditions.await("no connection", () -> server.connections() == 0);
    ShutdownReport report = server.shutdown(ServerRig.GRACE);
    assertEquals(report.ends().size(), report.count(How.DRAINED), report::toString);
    Conditions.await("the server's threads end", () -> threads() == 0);
    if (descriptors != null) {
      assertEquals(0, descriptors.opened(), "descriptors");
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(each -> each.getName().startsWith("stormed"))
        .count();
  }
}
