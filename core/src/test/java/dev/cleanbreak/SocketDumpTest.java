package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is open and who waits where, seen while it happens. */
@Timeout(60)
class SocketDumpTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static Optional<SocketState> find(SocketAddress local) {
    return CleanSockets.dump().sockets().stream()
        .filter(each -> local.equals(each.local()))
        .findFirst();
  }

  private static SocketState state(SocketAddress local) {
    return find(local).orElseThrow(() -> new AssertionError(CleanSockets.dump().toString()));
  }

  private static CallState onlyCall(SocketState socket) {
    assertEquals(1, socket.calls().size(), socket::toString);
    return socket.calls().getFirst();
  }

  private static void awaitCalls(int count, SocketAddress local) {
    Conditions.await(
        count + " calls that wait",
        () ->
            state(local).calls().stream().filter(each -> !each.waited().isZero()).count() == count);
  }

  @Test
  void aConnectionThatWonARaceIsSeen() throws Exception {
    try (NamedHost host = NamedHost.of(NamedHost.Answer.REFUSING, NamedHost.Answer.LIVE);
        CleanSocket socket = new CleanSocket(host.settings())) {
      socket.connect(host.unresolved());
      assertEquals(socket.getRemoteSocketAddress(), state(socket.getLocalSocketAddress()).remote());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectIsSeenFromItsLookupOn(ThreadKind kind) throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    NameLookup.Resolver slow =
        host -> {
          await(answer);
          return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CleanSocket socket =
            new CleanSocket(SocketSettings.standard().withNames(new NameLookup(slow, 1)))) {
      FutureTask<Void> connect =
          new FutureTask<>(() -> {
            socket.connect(
                InetSocketAddress.createUnresolved("seen.test", listener.getLocalPort()));
            return null;
          });
      Thread waiting = kind.start(connect);
      Conditions.await(
          "the call in the dump",
          () ->
              CleanSockets.dump().sockets().stream()
                  .flatMap(each -> each.calls().stream())
                  .anyMatch(call ->
                      call.threadId() == waiting.threadId()
                          && call.operation() == Operation.CONNECT));
      answer.countDown();
      connect.get();
      assertEquals(1, countOf(socket.getLocalSocketAddress()), "listed once");
    } finally {
      answer.countDown();
    }
  }

  private static long countOf(SocketAddress local) {
    return CleanSockets.dump().sockets().stream()
        .filter(each -> local.equals(each.local()))
        .count();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReadThatWaitsIsSeenWithAllThatBoundsIt(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard().withReadTimeout(HOUR))) {
      CancelScope.within("the day", HOUR.multipliedBy(2)).run(() -> seeARead(pair, kind));
    }
  }

  private static void seeARead(Pair pair, ThreadKind kind) throws Exception {
    CancelScope inner = CancelScope.open("the job");
    FutureTask<Integer> read = new FutureTask<>(inner.wrap(() -> pair.in().read()));
    Thread reader = kind.start(read);
    pair.awaitReader();
    SocketAddress local = pair.socket().getLocalSocketAddress();
    awaitCalls(1, local);
    SocketState socket = state(local);
    assertEquals(SocketState.Kind.STREAM, socket.kind());
    assertEquals(pair.socket().getRemoteSocketAddress(), socket.remote());
    assertTrue(socket.connected());
    assertFalse(socket.closed() || socket.inputShut() || socket.outputShut());
    CallState call = onlyCall(socket);
    assertEquals(Operation.READ, call.operation());
    assertFalse(call.queued());
    assertEquals("victim", call.threadName());
    assertEquals(reader.threadId(), call.threadId());
    assertEquals(kind == ThreadKind.VIRTUAL, call.virtual());
    assertEquals(List.of("the job", "the day"), call.scopes());
    assertWithin(HOUR, call.timeoutLeft());
    assertWithin(HOUR.multipliedBy(2), call.deadlineLeft());
    assertNull(call.cut());
    Conditions.await(
        "a wait that grows", () -> onlyCall(state(local)).waited().compareTo(call.waited()) > 0);
    inner.cancel("seen");
    Futures.failure(CancelledIOException.class, read);
    assertEquals(List.of(), state(local).calls());
  }

  private static void assertWithin(Duration most, Duration left) {
    assertNotNull(left);
    assertTrue(
        left.compareTo(most) <= 0 && left.compareTo(most.minusMinutes(5)) > 0, () -> "" + left);
  }

  @Test
  void withoutLimitsNoneIsLeft() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Integer> read = new FutureTask<>(() -> pair.in().read());
      ThreadKind.VIRTUAL.start(read);
      pair.awaitReader();
      CallState call = onlyCall(state(pair.socket().getLocalSocketAddress()));
      assertNull(call.timeoutLeft());
      assertNull(call.deadlineLeft());
      assertEquals(List.of(), call.scopes());
    }
  }

  @Test
  void thoseWhoWaitForTheirTurnAreSeenBehindItsHolder() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      SocketAddress local = pair.socket().getLocalSocketAddress();
      List<Thread> readers = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        readers.add(ThreadKind.PLATFORM.start(new FutureTask<>(() -> pair.in().read())));
        awaitCalls(i, local);
      }
      List<CallState> calls = state(local).calls();
      assertEquals(
          readers.stream().map(Thread::threadId).toList(),
          calls.stream().map(CallState::threadId).toList());
      assertEquals(List.of(false, true, true), calls.stream().map(CallState::queued).toList());
    }
  }

  @Test
  void carriedBytesAShutOutputAndPoisonAreSeen() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      StreamOutput output = jam.pair.socket().connection().output;
      // The kernel may still take some of it meanwhile.
      int most = output.carried();
      int seen = state(jam.pair.socket().getLocalSocketAddress()).carried();
      int least = output.carried();
      assertTrue(least > 0 && least <= seen && seen <= most, least + " " + seen + " " + most);
    }
    try (Jam jam = new Jam(Jam.WIDE.withCarryTimeout(Duration.ofSeconds(1)))) {
      SocketAddress local = jam.pair.socket().getLocalSocketAddress();
      jam.jamWithTail();
      Conditions.await("the poison", () -> state(local).poison() != null);
      assertTrue(
          state(local).toString().contains(", the output is poisoned: the peer did not take"));
      assertEquals(0, state(local).carried());
    }
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.socket().shutdownOutput();
      assertTrue(state(pair.socket().getLocalSocketAddress()).outputShut());
      pair.socket().shutdownInput();
      assertTrue(state(pair.socket().getLocalSocketAddress()).inputShut());
    }
  }

  /** It owns a descriptor until its debt is paid. */
  @Test
  void aClosedSocketIsSeenAsLongAsItCarries() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withCloseLimit(HOUR))) {
      SocketAddress local = jam.pair.socket().getLocalSocketAddress();
      jam.jamWithTail();
      jam.pair.socket().close();
      assertTrue(state(local).closed());
      assertTrue(state(local).carried() > 0);
      jam.assertAllArrives();
      Conditions.await("the last byte's end", () -> find(local).isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void listenersAndDatagramSocketsAreSeen(ThreadKind kind) throws Exception {
    try (CleanServerSocket listener =
            new CleanServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CleanDatagramSocket datagrams =
            new CleanDatagramSocket(0, InetAddress.getLoopbackAddress())) {
      kind.start(new FutureTask<>(listener::accept));
      kind.start(
          new FutureTask<>(() -> {
            datagrams.receive(new DatagramPacket(new byte[1], 1));
            return true;
          }));
      awaitCalls(1, listener.getLocalSocketAddress());
      awaitCalls(1, datagrams.getLocalSocketAddress());
      SocketState server = state(listener.getLocalSocketAddress());
      assertEquals(SocketState.Kind.LISTENER, server.kind());
      assertEquals(Operation.ACCEPT, onlyCall(server).operation());
      SocketState udp = state(datagrams.getLocalSocketAddress());
      assertEquals(SocketState.Kind.DATAGRAM, udp.kind());
      assertEquals(Operation.RECEIVE, onlyCall(udp).operation());
      assertFalse(udp.connected());
    }
  }

  /** One holds both turns, the other waits for the handshake's, which is no turn of the socket. */
  @Test
  void thoseWhoWaitForAHandshakeAreSeenOnceEach() throws Exception {
    try (TlsPair pair = TlsPair.open(TlsCase.CLIENT_1_3)) {
      SocketAddress local = pair.socket().getLocalSocketAddress();
      ThreadKind.VIRTUAL.start(new FutureTask<>(() -> pair.in().read()));
      awaitCalls(1, local);
      Thread second = ThreadKind.VIRTUAL.start(new FutureTask<>(() -> pair.in().read()));
      awaitCalls(2, local);
      List<CallState> calls = state(local).calls();
      assertEquals(2, calls.size());
      assertEquals(Operation.HANDSHAKE, calls.getFirst().operation());
      assertFalse(calls.getFirst().queued());
      assertEquals(second.threadId(), calls.getLast().threadId());
      assertTrue(calls.getLast().queued());
    }
  }

  @Test
  void whatOwnsNoDescriptorIsNotSeen() throws Exception {
    Set<Long> before = ids();
    try (CleanSocket unopened = new CleanSocket()) {
      unopened.setSoTimeout(1);
      assertEquals(Set.of(), newSince(before));
      unopened.setTcpNoDelay(true);
      assertEquals(1, newSince(before).size());
    }
    assertEquals(Set.of(), newSince(before));
  }

  private static Set<Long> ids() {
    return CleanSockets.dump().sockets().stream().map(SocketState::id).collect(Collectors.toSet());
  }

  private static Set<Long> newSince(Set<Long> before) {
    Set<Long> now = new HashSet<>(ids());
    now.removeAll(before);
    return now;
  }

  @Test
  void anUnreferencedSocketDisappears() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress dropped = connectAndForget(listener);
      Conditions.await(
          "its end",
          () -> {
            System.gc();
            return find(dropped).isEmpty();
          });
    }
  }

  private static InetSocketAddress connectAndForget(ServerSocket listener) throws IOException {
    CleanSocket socket = new CleanSocket();
    socket.connect(listener.getLocalSocketAddress());
    assertTrue(find(socket.getLocalSocketAddress()).isPresent());
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** One that never got a socket, so that no cleaner finds it. */
  @Test
  void anUnreferencedEndpointDisappears() throws Exception {
    Set<Long> before = ids();
    openAndForget();
    Conditions.await(
        "its end",
        () -> {
          System.gc();
          return newSince(before).isEmpty();
        });
  }

  private static void openAndForget() throws IOException {
    StreamConnection dropped = new StreamConnection(SocketSettings.standard());
    dropped.bind(null);
    assertTrue(find(dropped.localAddressOrNull()).isPresent());
  }

  /** Leaving the queue for the turn is two steps; between them a call is still somewhere. */
  @Test
  void aCallIsSeenWhileItGetsItsTurn() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    StreamConnection connection = new StreamConnection(SocketSettings.standard());
    while (System.nanoTime() < end) {
      Direction turn = new Direction();
      Call first = new Call(connection, Operation.READ, Ticks.NEVER);
      assertTrue(turn.tryAcquire(first));
      AtomicReference<Call> second = new AtomicReference<>();
      FutureTask<Boolean> waits =
          new FutureTask<>(() -> {
            Call mine = new Call(connection, Operation.READ, Ticks.NEVER);
            second.set(mine);
            return turn.acquire(mine, () -> Ticks.NEVER);
          });
      ThreadKind.PLATFORM.start(waits);
      Conditions.await("the queue", () -> Boolean.TRUE.equals(callsIn(turn).get(second.get())));
      ThreadKind.VIRTUAL.start(() -> turn.release(first));
      do {
        assertTrue(callsIn(turn).containsKey(second.get()));
      } while (!waits.isDone());
      assertEquals(Map.of(second.get(), false), callsIn(turn));
    }
  }

  private static Map<Call, Boolean> callsIn(Direction turn) {
    Map<Call, CallState> found = new HashMap<>();
    turn.addCallsTo(found, Ticks.now());
    Map<Call, Boolean> queued = new HashMap<>();
    found.forEach((call, state) -> queued.put(call, state.queued()));
    return queued;
  }

  /** Sockets come and go, calls are cut, and a reader that stays is in every picture. */
  @Test
  void looksWhileSocketsComeAndGo() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Set<Long> before = ids();
    try (Pair stays = Pair.open(SocketSettings.standard());
        CleanServerSocket listener =
            new CleanServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread reader = ThreadKind.VIRTUAL.start(new FutureTask<>(() -> stays.in().read()));
      stays.awaitReader();
      ThreadKind.VIRTUAL.start(() -> acceptAndClose(listener));
      List<FutureTask<Integer>> storms = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random random = new Random(i);
        FutureTask<Integer> storm =
            new FutureTask<>(() -> {
              int rounds = 0;
              for (; !over.get(); rounds++) {
                comeAndGo(listener.getLocalSocketAddress(), random);
              }
              return rounds;
            });
        storms.add(storm);
        ThreadKind.values()[i % 2].start(storm);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      int dumps = 0;
      for (; System.nanoTime() < end; dumps++) {
        SocketDump dump = CleanSockets.dump();
        assertSound(dump);
        assertTrue(
            dump.sockets().stream()
                .flatMap(each -> each.calls().stream())
                .anyMatch(call -> call.threadId() == reader.threadId()),
            dump::toString);
      }
      over.set(true);
      for (FutureTask<Integer> storm : storms) {
        assertTrue(storm.get() > 0);
      }
      assertTrue(dumps > 0);
    }
    Conditions.await("everybody gone", () -> newSince(before).isEmpty());
  }

  private static void acceptAndClose(CleanServerSocket listener) {
    try {
      for (; ; ) {
        listener.accept().close();
      }
    } catch (IOException closed) {
      assertTrue(listener.isClosed(), closed::toString);
    }
  }

  private static void comeAndGo(SocketAddress listener, Random random) {
    try (CleanSocket socket = new CleanSocket()) {
      if (random.nextInt(4) > 0) {
        socket.connect(listener);
        CancelScope.within(Duration.ofNanos(random.nextInt(200_000)))
            .run(() -> socket.getInputStream().read());
      } else {
        socket.bind(null);
      }
    } catch (IOException cutOrReset) {
      assertNotNull(cutOrReset.getMessage());
    }
  }

  private static void assertSound(SocketDump dump) {
    long last = 0;
    for (SocketState each : dump.sockets()) {
      assertTrue(each.id() > last, dump::toString);
      last = each.id();
      assertEquals(
          each.calls().size(),
          each.calls().stream().map(CallState::threadId).distinct().count(),
          dump::toString);
      for (CallState call : each.calls()) {
        assertFalse(call.waited().isNegative());
      }
    }
    assertTrue(dump.toString().lines().count() > dump.sockets().size());
  }

  @Test
  void theTextIsOneLineForEachSocketAndEachCall() {
    CallState read =
        new CallState(
            Operation.READ,
            false,
            "ui",
            33,
            false,
            Duration.ofMillis(1234),
            List.of("print job 17", "server"),
            Duration.ofSeconds(12),
            Duration.ofHours(2),
            null);
    CallState queued =
        new CallState(
            Operation.READ, true, "", 34, true, HOUR, List.of(), null, null, CutKind.CANCELLED);
    CallState runs =
        new CallState(
            Operation.WRITE, false, "w", 35, false, Duration.ZERO, List.of(), null, null, null);
    InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
    InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9100);
    SocketDump dump =
        new SocketDump(
            Instant.EPOCH,
            List.of(
                new SocketState(
                    1,
                    SocketState.Kind.LISTENER,
                    there,
                    null,
                    false,
                    false,
                    false,
                    null,
                    0,
                    List.of()),
                new SocketState(
                    12,
                    SocketState.Kind.STREAM,
                    here,
                    there,
                    false,
                    true,
                    true,
                    null,
                    4096,
                    List.of(read, queued, runs)),
                new SocketState(
                    13,
                    SocketState.Kind.STREAM,
                    null,
                    null,
                    true,
                    false,
                    false,
                    "poisoned",
                    0,
                    List.of())));
    assertEquals(
        """
        1970-01-01T00:00:00Z: 3 sockets, 3 calls inside
        #1 listener localhost/127.0.0.1:9100
        #12 stream localhost/127.0.0.1:4711 -> localhost/127.0.0.1:9100, input shut, output shut, 4096 bytes carried
            read waits, 1234 ms, timeout in 12 s, deadline in 120 min, scope "print job 17" in "server", thread "ui" #33
            read waits for its turn, 60 min, cancelled, virtual thread "" #34
            write runs, thread "w" #35
        #13 stream unbound, not connected, closed, poisoned
        """,
        dump.toString());
    assertEquals(
        "1970-01-01T00:00:00Z: 0 sockets, 0 calls inside\n",
        new SocketDump(Instant.EPOCH, List.of()).toString());
    assertThrows(UnsupportedOperationException.class, () -> dump.sockets().clear());
  }
}
