package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lookups that take their time, and calls that do not. */
@Timeout(60)
class NameLookupTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int THREADS = 2;

  private final CountDownLatch answers = new CountDownLatch(1);
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final NameLookup slow = new NameLookup(this::slowly, THREADS);
  private ServerSocket listener;

  /** The system's resolver cannot be stopped: this one pays no heed to interrupts either. */
  private InetAddress[] slowly(String host) {
    asked.add(host);
    boolean interrupted = false;
    while (answers.getCount() > 0) {
      try {
        answers.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted ? new InetAddress[0] : new InetAddress[] {LOOPBACK};
  }

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 50, LOOPBACK);
  }

  @AfterEach
  void release() throws IOException {
    answers.countDown();
    listener.close();
  }

  private static SocketSettings with(NameLookup names) {
    return SocketSettings.standard().withNames(names);
  }

  private InetSocketAddress named(String host) {
    return InetSocketAddress.createUnresolved(host, listener.getLocalPort());
  }

  private record Connecting(CleanSocket socket, CancelScope scope, FutureTask<Boolean> task) {}

  /** Connects in a scope; the task tells whether the thread was interrupted then. */
  private Connecting connecting(String host, int timeout) throws IOException {
    CleanSocket socket = new CleanSocket(with(slow));
    CancelScope scope = CancelScope.open("job");
    return new Connecting(
        socket,
        scope,
        new FutureTask<>(() -> {
          scope.run(() -> socket.connect(named(host), timeout));
          return Thread.currentThread().isInterrupted();
        }));
  }

  static Stream<Arguments> cutsAndKinds() {
    return Stream.of(ConnectCut.values())
        .flatMap(cut -> Stream.of(ThreadKind.values()).map(kind -> Arguments.of(cut, kind)));
  }

  @ParameterizedTest
  @MethodSource("cutsAndKinds")
  void aCutLeavesTheLookupBehind(ConnectCut cut, ThreadKind kind) throws Exception {
    Connecting connecting = connecting("slow.test", cut.millis());
    Thread victim = kind.start(connecting.task);
    Conditions.await("the lookup", () -> asked.size() == 1);
    Conditions.await("its waiter", () -> slow.waiters("slow.test") == 1);
    Conditions.await("sleeps", () -> LockSupport.getBlocker(victim) instanceof StreamConnection);
    cut.cut(connecting.scope, connecting.socket, victim);
    // The resolver has not answered.
    IOException thrown = Futures.failure(cut.thrown, connecting.task);
    Cut record = ((CutException) thrown).cut();
    assertEquals(cut.kind, record.kind());
    assertEquals(Operation.CONNECT, record.call());
    assertTrue(thrown.getMessage().contains("; looking up slow.test"), thrown::toString);
    assertEquals(
        cut == ConnectCut.SCOPE || cut == ConnectCut.INTERRUPT || cut == ConnectCut.CLOSE,
        record.origin() != null,
        "who");
    assertTrue(connecting.socket.isClosed());
    assertEquals(0, slow.waiters("slow.test"));
  }

  @Test
  void threadsAreGoneWhenIdle() throws Exception {
    Connecting connecting = connecting("slow.test", 0);
    ThreadKind.PLATFORM.start(connecting.task);
    Conditions.await("the lookup", () -> asked.size() == 1);
    connecting.scope.cancel("enough");
    Futures.failure(CancelledIOException.class, connecting.task);
    assertEquals(1, slow.threads());
    answers.countDown();
    Conditions.await("the threads gone", () -> slow.threads() == 0);
  }

  @Test
  void whoAsksForTheSameNameJoinsTheFlight() throws Exception {
    List<Connecting> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Connecting each = connecting("slow.test", 0);
      all.add(each);
      ThreadKind.values()[i % 2].start(each.task);
    }
    Conditions.await("all of them", () -> slow.waiters("slow.test") == 6);
    Connecting cut = all.removeFirst();
    cut.scope.cancel("enough");
    Futures.failure(CancelledIOException.class, cut.task);
    Conditions.await("all others", () -> slow.waiters("slow.test") == 5);
    answers.countDown();
    for (Connecting each : all) {
      assertFalse(each.task.get());
      each.socket.close();
    }
    assertEquals(List.of("slow.test"), List.copyOf(asked));
  }

  /** The flight that a call has left flies on, and those who come later join it. */
  @Test
  void anAbandonedFlightCanBeJoined() throws Exception {
    Connecting first = connecting("slow.test", 0);
    ThreadKind.PLATFORM.start(first.task);
    Conditions.await("the lookup", () -> asked.size() == 1);
    first.scope.cancel("enough");
    Futures.failure(CancelledIOException.class, first.task);
    Connecting second = connecting("slow.test", 0);
    ThreadKind.PLATFORM.start(second.task);
    Conditions.await("joined", () -> slow.waiters("slow.test") == 1);
    answers.countDown();
    assertFalse(second.task.get());
    second.socket.close();
    assertEquals(1, asked.size());
  }

  @ParameterizedTest
  @EnumSource
  void aPoolFullOfHungLookupsMakesOthersWait(ThreadKind kind) throws Exception {
    List<Connecting> all = new ArrayList<>();
    for (int i = 0; i < THREADS + 3; i++) {
      Connecting each = connecting("slow" + i + ".test", 0);
      all.add(each);
      kind.start(each.task);
      int waiters = i;
      Conditions.await("asked", () -> slow.waiters("slow" + waiters + ".test") == 1);
    }
    Conditions.await("a full pool", () -> asked.size() == THREADS && slow.queued() == 3);
    assertEquals(THREADS, slow.threads());
    Connecting queued = all.remove(THREADS + 1);
    queued.scope.cancel("enough");
    Futures.failure(CancelledIOException.class, queued.task);
    assertEquals(2, slow.queued());
    answers.countDown();
    for (Connecting each : all) {
      assertFalse(each.task.get());
      each.socket.close();
    }
    assertFalse(asked.contains("slow" + (THREADS + 1) + ".test"), "nobody wants it any more");
  }

  private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

  @Test
  void itsThreadsHoldNothingOfTheApplications() throws Exception {
    AtomicReference<Thread> seen = new AtomicReference<>();
    AtomicReference<String> inherited = new AtomicReference<>();
    AtomicReference<ClassLoader> loader = new AtomicReference<>();
    NameLookup names =
        new NameLookup(
            host -> {
              seen.set(Thread.currentThread());
              inherited.set(INHERITED.get());
              loader.set(Thread.currentThread().getContextClassLoader());
              return new InetAddress[] {LOOPBACK};
            },
            1);
    INHERITED.set("the application's");
    try (CleanSocket socket = new CleanSocket(with(names))) {
      socket.connect(named("printer.test"));
    } finally {
      INHERITED.remove();
    }
    assertTrue(seen.get().isDaemon() && !seen.get().isVirtual());
    assertTrue(seen.get().getName().startsWith("cleanbreak-lookup-"));
    assertNull(inherited.get());
    assertNull(loader.get());
  }

  // ---- answers

  private UnknownHostException failure(NameLookup.Resolver resolver) throws IOException {
    try (CleanSocket socket = new CleanSocket(with(new NameLookup(resolver, 1)))) {
      UnknownHostException thrown =
          assertThrows(UnknownHostException.class, () -> socket.connect(named("printer.test")));
      assertTrue(socket.isClosed());
      assertTrue(thrown.getMessage().startsWith("printer.test"), thrown::getMessage);
      return thrown;
    }
  }

  @Test
  void anUnknownNameIsNamed() throws Exception {
    failure(host -> {
      throw new UnknownHostException(host + ": Name or service not known");
    });
    assertTrue(
        failure(
                host -> {
                  throw new UnknownHostException("try again");
                })
            .getMessage()
            .endsWith("printer.test: try again"));
    failure(host -> new InetAddress[0]);
    failure(host -> {
      throw new IllegalStateException();
    });
    UnknownHostException ofTheSystem =
        assertThrows(
            UnknownHostException.class,
            // No label has so many letters: no server is asked.
            () -> new CleanSocket("x".repeat(70), listener.getLocalPort()));
    assertTrue(ofTheSystem.getMessage().startsWith("x".repeat(70)));
  }

  @Test
  void whoeverWaitsGetsAnExceptionOfItsOwn() throws Exception {
    NameLookup names =
        new NameLookup(
            host -> {
              slowly(host);
              throw new UnknownHostException(host);
            },
            1);
    List<FutureTask<UnknownHostException>> all = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      FutureTask<UnknownHostException> each =
          new FutureTask<>(() ->
              assertThrows(
                  UnknownHostException.class,
                  () -> new CleanSocket(with(names)).connect(named("printer.test"))));
      all.add(each);
      ThreadKind.VIRTUAL.start(each);
    }
    Conditions.await("both", () -> names.waiters("printer.test") == 2);
    answers.countDown();
    assertNotSame(all.getFirst().get(), all.getLast().get());
  }

  @Test
  void literalsAreNotLookedUp() throws Exception {
    NameLookup none =
        new NameLookup(
            host -> {
              throw new AssertionError(host);
            },
            1);
    try (CleanSocket socket = new CleanSocket(with(none))) {
      socket.connect(named("127.0.0.1"));
    }
    assertEquals(0, none.threads());
  }

  // ---- proxies

  @ParameterizedTest
  @EnumSource(names = "DIRECT", mode = EnumSource.Mode.EXCLUDE)
  void theLookupOfAProxyIsCut(Proxy.Type type) throws Exception {
    Proxy proxy = new Proxy(type, named("proxy.test"));
    try (CleanSocket socket = new CleanSocket(with(slow), proxy)) {
      InetSocketAddress destination = new InetSocketAddress(LOOPBACK, listener.getLocalPort());
      assertThrows(CutTimeoutException.class, () -> socket.connect(destination, 50));
      assertEquals(List.of("proxy.test"), List.copyOf(asked));
    }
  }

  /** As java.net has it: who gives host and port gets the address looked up here if it can be. */
  @ParameterizedTest
  @EnumSource(names = "DIRECT", mode = EnumSource.Mode.EXCLUDE)
  void aFactoryLooksUpHereAndElseLeavesTheNameToTheProxy(Proxy.Type type) throws Exception {
    int port = listener.getLocalPort();
    NameLookup names =
        new NameLookup(
            host -> {
              if (host.equals("known.test")) {
                return new InetAddress[] {LOOPBACK};
              }
              throw new UnknownHostException(host);
            },
            1);
    try (LoopbackProxy proxy = new LoopbackProxy(null, false)) {
      CleanSocketFactory factory = new CleanSocketFactory(with(names), proxy.as(type));
      try (Socket socket = factory.createSocket("known.test", port)) {
        assertEquals(LOOPBACK, socket.getInetAddress());
      }
      factory.createSocket("unknown.test", port).close();
      Socket unconnected = factory.createSocket();
      unconnected.connect(named("known.test"));
      unconnected.close();
      assertEquals(
          List.of("127.0.0.1:" + port, "unknown.test:" + port, "known.test:" + port),
          proxy.requests);
    }
  }
}
