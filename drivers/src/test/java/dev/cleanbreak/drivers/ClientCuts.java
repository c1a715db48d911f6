package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanServer;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.Cut;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import dev.cleanbreak.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cuts one client's requests at every place, by everything that cuts, on both kinds of threads,
 * looks at what is left each time, and holds the client's page to what was seen.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class ClientCuts {
  private final String page;
  private final String name;
  private final OutcomeTable table = new OutcomeTable();
  private long sockets = -1;

  /** The table {@code name} of {@code page} is what is seen here. */
  ClientCuts(String page, String name) {
    this.page = page;
    this.name = name;
  }

  /** A new client that talks to the server through {@code relay}, which the rig closes. */
  abstract Rig open(Relay relay, boolean tls) throws Exception;

  /** The real server: under TLS if {@code tls}. */
  abstract java.net.InetSocketAddress server(boolean tls) throws Exception;

  List<Place> places(boolean tls) {
    List<Place> places = new ArrayList<>(List.of(Place.values()));
    // A connect knows nothing of TLS yet.
    places.remove(tls ? Place.CONNECT : Place.HANDSHAKE);
    return places;
  }

  List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (boolean tls : new boolean[] {false, true}) {
      for (Place place : places(tls)) {
        for (How how : How.values()) {
          for (ThreadKind thread : ThreadKind.values()) {
            cases.add(Arguments.of(place, tls, how, thread));
          }
        }
      }
    }
    return cases;
  }

  @ParameterizedTest(name = "{0}, TLS {1}, {2}, {3}")
  @MethodSource("cases")
  void cut(Place place, boolean tls, How how, ThreadKind thread) throws Exception {
    if (sockets < 0) {
      // What is made once and stays, in the client's libraries and ours, is there after this.
      cutAndLook(place, tls, how, thread);
      sockets = Leftovers.sockets();
    }
    table.add(place, tls, how, thread, cutAndLook(place, tls, how, thread));
    Conditions.await(
        "no socket is left",
        () -> Leftovers.sockets() <= sockets,
        () -> sockets + " before, " + socketsNow() + " after");
    Conditions.await(
        "no thread is left in a call",
        () -> Leftovers.threadsInCalls().isEmpty(),
        () -> Leftovers.threadsInCalls().toString());
  }

  List<Place> placesInAHandler() {
    return places(false);
  }

  /** What a handler of a server asks of others is cut when that server shuts down. */
  @ParameterizedTest(name = "{0}", allowZeroInvocations = true) // some clients know TLS only
  @MethodSource("placesInAHandler")
  void aShutdownCutsWhatItsHandlersAskFor(Place place) throws Exception {
    Relay made = place == Place.CONNECT ? Relay.full(server(false)) : Relay.open(server(false));
    try (Rig rig = open(made, false)) {
      if (place != Place.CONNECT) {
        rig.warmUp();
      }
      hold(rig, place);
      CompletableFuture<Thread> handler = new CompletableFuture<>();
      FutureTask<@Nullable Throwable> request = failureOf(() -> rig.request(place));
      CleanServer<CleanSocket> front =
          CleanServer.on(
                  new CleanServerSocket(0, 1, InetAddress.getLoopbackAddress()),
                  ServerSettings.standard().withName("front"),
                  (socket, connection) -> {
                    handler.complete(Thread.currentThread());
                    request.run();
                  })
              .start();
      try (Socket caller = new Socket()) {
        caller.connect(front.localAddress());
        awaitPlace(rig, place, handler.get(20, TimeUnit.SECONDS), request);
        Thread stop = Thread.ofPlatform().start(() -> front.shutdown(Duration.ZERO));
        if (!rig.isReachedBy(How.CANCEL, place)) {
          rig.relay().release();
        }
        Throwable said = request.get(20, TimeUnit.SECONDS);
        stop.join();
        for (Throwable each = said; each != null; each = each.getCause()) {
          if (each instanceof CutException found) {
            assertEquals(CutKind.SHUTDOWN, found.cut().kind(), each::toString);
          }
        }
        assertEquals(rig.isReachedBy(How.CANCEL, place), said != null, "whether it was cut");
      } finally {
        front.close();
      }
      rig.relay().release();
      rig.nextRequestAfterCut();
      awaitSettled(rig);
    }
    Conditions.await(
        "no thread is left in a call",
        () -> Leftovers.threadsInCalls().isEmpty(),
        () -> Leftovers.threadsInCalls().toString());
  }

  private static FutureTask<@Nullable Throwable> failureOf(CancelScope.Body<Exception> body) {
    return new FutureTask<>(() -> {
      try {
        body.run();
        return null;
      } catch (Throwable said) {
        return said;
      }
    });
  }

  private OutcomeTable.Outcome cutAndLook(Place place, boolean tls, How how, ThreadKind thread)
      throws Exception {
    Relay made = place == Place.CONNECT ? Relay.full(server(tls)) : Relay.open(server(tls));
    try (Rig rig = open(made, tls)) {
      Relay relay = rig.relay();
      boolean pooled = place != Place.CONNECT && place != Place.HANDSHAKE;
      if (pooled) {
        rig.warmUp();
      }
      hold(rig, place);
      long doneBefore = pooled ? rig.done(place) : 0;
      int connections = relay.accepted();

      CancelScope scope = CancelScope.open("request 17");
      boolean[] interrupted = new boolean[1];
      FutureTask<@Nullable Throwable> request =
          new FutureTask<>(() -> {
            try {
              scope.run(() -> rig.request(place));
              return null;
            } catch (Throwable said) {
              return said;
            } finally {
              interrupted[0] = Thread.interrupted();
            }
          });
      Thread client = thread.start(request);
      awaitPlace(rig, place, client, request);
      Thread cutter = Thread.ofPlatform().name("stop-button").start(() -> how.cut(scope, client));
      cutter.join();
      if (!rig.isReachedBy(how, place)) {
        relay.release();
      }
      Throwable said = request.get(20, TimeUnit.SECONDS);
      client.join();

      relay.release();
      int connectionsOfCut = relay.accepted();
      String next = rig.nextRequestAfterCut();
      boolean kept = pooled && relay.accepted() == connections;
      long open = awaitSettled(rig);
      assertTrue(connectionsOfCut - connections <= 1, "connections of the cut request");
      return new OutcomeTable.Outcome(
          said(said) + status(how, interrupted[0]),
          who(said),
          (pooled ? kept ? "kept" : "given up" : "closed") + "; the next request " + next,
          server(place, rig.done(place) - doneBefore, open));
    }
  }

  private static void hold(Rig rig, Place place) {
    Relay relay = rig.relay();
    switch (place) {
      case CONNECT -> {}
      case HANDSHAKE -> relay.holdReplies(0);
      case BEFORE_REPLY -> relay.holdReplies(rig.bytesBeforeReply());
      case MID_REPLY -> relay.holdReplies(rig.middleOfReply());
      case MID_WRITE -> relay.holdRequests(200_000);
    }
  }

  /** Waits until the client waits there, and has for a while: it is not just passing by. */
  private static void awaitPlace(
      Rig rig, Place place, Thread client, Future<@Nullable Throwable> request) throws Exception {
    int[] looks = new int[1];
    Conditions.await(
        "the client waits: " + place.text,
        () -> {
          looks[0] = isAtPlace(rig, place, client) ? looks[0] + 1 : 0;
          if (request.isDone()) {
            fail("it did not wait: " + place.text, request.get());
          }
          return looks[0] == 50;
        });
  }

  private static boolean isAtPlace(Rig rig, Place place, Thread client) {
    Relay relay = rig.relay();
    return switch (place) {
          case CONNECT -> relay.accepted() == 0;
          case HANDSHAKE -> relay.accepted() == 1;
          case BEFORE_REPLY, MID_REPLY -> relay.repliesAreHeld();
          case MID_WRITE -> relay.requestsAreHeld();
        }
        && rig.isAtPlace(place, client);
  }

  /** The connections that are left, once both ends have heard of all that were closed. */
  private static long awaitSettled(Rig rig) throws Exception {
    int[] looks = new int[1];
    Conditions.await(
        "both ends have as many connections",
        () -> {
          long open = rig.relay().open();
          boolean same = open <= rig.mostConnections() && rig.connectionsSeenByServer() == open;
          looks[0] = same ? looks[0] + 1 : 0;
          return looks[0] == 20;
        },
        () -> "the relay has " + rig.relay().open());
    return rig.relay().open();
  }

  private static String said(@Nullable Throwable said) {
    if (said == null) {
      return "nothing: it was not cut";
    }
    List<String> chain = new ArrayList<>();
    for (Throwable each = said; each != null; each = each.getCause()) {
      chain.add("`" + each.getClass().getSimpleName() + "`");
      if (each instanceof CutException) {
        break;
      }
    }
    return String.join(" < ", chain);
  }

  private static String status(How how, boolean interrupted) {
    return how == How.INTERRUPT && !interrupted ? "; interrupt status lost" : "";
  }

  private static String who(@Nullable Throwable said) {
    for (Throwable each = said; each != null; each = each.getCause()) {
      if (each instanceof CutException found) {
        Cut cut = found.cut();
        return cut.origin() != null
            ? "thread `" + cut.origin().threadName() + "`"
            : cut.kind() == CutKind.INTERRUPTED
                ? "an unknown thread"
                : "the scope `" + cut.scope() + "`";
      }
    }
    return String.valueOf(said).contains("request 17")
        ? "the scope `request 17`, in the message only"
        : "not said";
  }

  private static String server(Place place, long done, long open) {
    String did = done == 0 ? "did not do it" : done == 1 ? "did it once" : "did it " + done + " x";
    return (place == Place.MID_REPLY ? "has " : did + ", has ")
        + open
        + " connection"
        + (open == 1 ? "" : "s");
  }

  private static String socketsNow() {
    try {
      return Long.toString(Leftovers.sockets());
    } catch (IOException e) {
      return e.toString();
    }
  }

  @AfterAll
  void thePageSaysWhatWasSeen() throws IOException {
    assertEquals(cases().size(), table.size(), "the table has every case");
    table.assertStandsIn(page, name);
  }
}
