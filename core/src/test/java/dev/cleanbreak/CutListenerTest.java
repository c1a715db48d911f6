package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cut is told once, and telling changes nothing. */
@Timeout(60)
@SuppressWarnings("try") // registrations are there to be closed; sockets are closed early
class CutListenerTest {
  private static final Duration SHORT = Duration.ofMillis(30);

  /** How a read that waits is cut. */
  enum Way {
    CANCELLED {
      @Override
      void cut(Pair pair, CancelScope scope, Thread reader) {
        scope.cancel("enough");
      }
    },
    DEADLINE {
      @Override
      void cut(Pair pair, CancelScope scope, Thread reader) {
        scope.setDeadline(Deadline.after(Duration.ZERO));
      }
    },
    SCOPE_ENDED {
      @Override
      void cut(Pair pair, CancelScope scope, Thread reader) {
        scope.close();
      }
    },
    TIMEOUT {
      @Override
      void cut(Pair pair, CancelScope scope, Thread reader) throws IOException {
        pair.socket().setReadTimeout(Duration.ofMillis(1));
      }
    },
    INTERRUPTED {
      @Override
      void cut(Pair pair, CancelScope scope, Thread reader) {
        reader.interrupt();
      }
    },
    CLOSED {
      @Override
      void cut(Pair pair, CancelScope scope, Thread reader) throws IOException {
        pair.socket().close();
      }
    },
    SHUTDOWN {
      @Override
      void cut(Pair pair, CancelScope scope, Thread reader) {
        CutCause by = CutCause.here(CutKind.SHUTDOWN, "maintenance", scope.view().name());
        ((ScopeNode) scope.view()).cutBy(by);
      }
    };

    abstract void cut(Pair pair, CancelScope scope, Thread reader) throws IOException;
  }

  /** Every kind there is: a new one must be added to the ways above. */
  @Test
  void theWaysAreAllThatThereAre() {
    assertEquals(
        Arrays.stream(CutKind.values()).map(Enum::name).sorted().toList(),
        Arrays.stream(Way.values()).map(Enum::name).sorted().toList());
  }

  static Stream<Arguments> waysAndKinds() {
    return Arrays.stream(Way.values())
        .flatMap(way -> Arrays.stream(ThreadKind.values()).map(kind -> Arguments.of(way, kind)));
  }

  @ParameterizedTest
  @MethodSource("waysAndKinds")
  void everyKindOfCutIsToldOnce(Way way, ThreadKind kind) throws Exception {
    try (Heard heard = new Heard();
        Pair pair = Pair.open(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("told");
      FutureTask<CutException> read =
          new FutureTask<>(scope.wrap(() -> thrownBy(() -> pair.in().read())));
      Thread reader = kind.start(read);
      pair.awaitReader();
      way.cut(pair, scope, reader);
      CutException thrown = read.get();
      assertEquals(way.name(), thrown.cut().kind().name());
      heard.assertOnce(reader, thrown);
    }
  }

  private static CutException thrownBy(CancelScope.Body<IOException> body) {
    return (CutException) assertThrows(IOException.class, body::run);
  }

  /** A call that waits for ever, and what it needs. */
  interface Stuck extends AutoCloseable {
    void call() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Each operation that can be cut, as it waits and as it starts in a scope that is cut. */
  enum Calls {
    READ {
      @Override
      Stuck open() throws IOException {
        Pair pair = Pair.open(SocketSettings.standard());
        return stuck(() -> pair.in().read(), pair::close);
      }
    },
    SKIP {
      @Override
      Stuck open() throws IOException {
        Pair pair = Pair.open(SocketSettings.standard());
        return stuck(() -> pair.in().skip(1), pair::close);
      }
    },
    WRITE {
      @Override
      Stuck open() throws Exception {
        Jam jam = new Jam(SocketSettings.standard());
        jam.jamWithoutTail();
        // The kernel may take a few bytes more, and a tail behind them is carried.
        return stuck(() -> writeWithoutEnd(jam), jam::close);
      }
    },
    WRITE_TOO_LARGE {
      @Override
      Stuck open() throws Exception {
        Jam jam = new Jam(SocketSettings.standard());
        return stuck(() -> jam.write(Jam.JAMMING), jam::close);
      }
    },
    FLUSH {
      @Override
      Stuck open() throws Exception {
        Jam jam = new Jam(Jam.WIDE);
        jam.jamWithTail();
        return stuck(() -> jam.pair.out().flush(), jam::close);
      }
    },
    SHUTDOWN_OUTPUT {
      @Override
      Stuck open() throws Exception {
        Jam jam = new Jam(Jam.WIDE);
        jam.jamWithTail();
        return stuck(() -> jam.pair.socket().shutdownOutput(), jam::close);
      }
    },
    URGENT {
      @Override
      Stuck open() throws Exception {
        Jam jam = new Jam(Jam.WIDE);
        jam.jamWithTail();
        return stuck(() -> jam.pair.socket().sendUrgentData(1), jam::close);
      }
    },
    ACCEPT {
      @Override
      Stuck open() throws IOException {
        CleanServerSocket listener = new CleanServerSocket(0, 1, InetAddress.getLoopbackAddress());
        return stuck(listener::accept, listener::close);
      }
    },
    RECEIVE {
      @Override
      Stuck open() throws IOException {
        CleanDatagramSocket socket = new CleanDatagramSocket(0, InetAddress.getLoopbackAddress());
        return stuck(() -> socket.receive(new DatagramPacket(new byte[1], 1)), socket::close);
      }
    },
    HANDSHAKE {
      @Override
      Stuck open() throws IOException {
        TlsPair pair = TlsPair.open(TlsCase.CLIENT_1_3);
        return stuck(() -> pair.socket().startHandshake(), pair::close);
      }
    },
    HANDSHAKE_OF_A_READ {
      @Override
      Stuck open() throws IOException {
        TlsPair pair = TlsPair.open(TlsCase.SERVER_1_2);
        return stuck(() -> pair.in().read(), pair::close);
      }
    },
    TLS_READ {
      @Override
      Stuck open() throws Exception {
        TlsPair pair = TlsPair.open(TlsCase.CLIENT_1_3).handshaken();
        return stuck(() -> pair.in().read(), pair::close);
      }
    },
    TLS_WRITE {
      @Override
      Stuck open() throws Exception {
        TlsPair pair = TlsPair.open(TlsCase.CLIENT_1_3).handshaken();
        return stuck(() -> pair.out().write(new byte[Jam.JAMMING]), pair::close);
      }
    };

    abstract Stuck open() throws Exception;

    private static void writeWithoutEnd(Jam jam) throws IOException {
      for (; ; ) {
        jam.write(64);
      }
    }

    static Stuck stuck(CancelScope.Body<IOException> call, CancelScope.Body<IOException> close) {
      return new Stuck() {
        @Override
        public void call() throws IOException {
          call.run();
        }

        @Override
        public void close() throws IOException {
          close.run();
        }
      };
    }
  }

  static Stream<Arguments> callsAndKinds() {
    return Arrays.stream(Calls.values())
        .flatMap(
            calls -> Arrays.stream(ThreadKind.values()).map(kind -> Arguments.of(calls, kind)));
  }

  @ParameterizedTest
  @MethodSource("callsAndKinds")
  void everyOperationIsToldOnce(Calls calls, ThreadKind kind) throws Exception {
    try (Stuck stuck = calls.open();
        Heard heard = new Heard()) {
      FutureTask<CutException> waits =
          new FutureTask<>(() -> thrownBy(() -> CancelScope.within(SHORT).run(stuck::call)));
      heard.assertOnce(started(kind, waits), waits.get());

      FutureTask<CutException> enters =
          new FutureTask<>(() -> {
            CancelScope cancelled = CancelScope.open("over");
            cancelled.cancel("over");
            return thrownBy(() -> cancelled.run(stuck::call));
          });
      heard.assertOnce(started(kind, enters), enters.get());
      assertTrue(enters.get().cut().waited().isZero());
    }
  }

  private static Thread started(ThreadKind kind, FutureTask<?> task) throws Exception {
    Thread thread = kind.start(task);
    task.get();
    return thread;
  }

  @Test
  void callsThatNeverWaitHereAreToldAtEntry() throws Exception {
    try (CleanDatagramSocket datagrams =
            new CleanDatagramSocket(0, InetAddress.getLoopbackAddress());
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress target = (InetSocketAddress) datagrams.getLocalSocketAddress();
      assertToldAtEntry(
          Operation.SEND, () -> datagrams.send(new DatagramPacket(new byte[1], 1, target)));
      assertToldAtEntry(
          Operation.CONNECT, () -> new CleanSocket().connect(listener.getLocalSocketAddress()));
      assertToldAtEntry(Operation.CHECKPOINT, () -> CancelScope.current().checkpoint());
    }
  }

  private static void assertToldAtEntry(Operation operation, CancelScope.Body<IOException> call) {
    try (Heard heard = new Heard()) {
      CancelScope cancelled = CancelScope.open("over");
      cancelled.cancel("over");
      CutException thrown = thrownBy(() -> cancelled.run(call));
      assertEquals(operation, thrown.cut().call());
      heard.assertOnce(Thread.currentThread(), thrown);
    }
  }

  /** It has completed as far as its caller can see; who throws the cut is told. */
  @ParameterizedTest
  @EnumSource
  void aWriteThatCarriedIsToldByTheCallThatThrows(ThreadKind kind) throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withWriteTimeout(SHORT));
        Heard heard = new Heard()) {
      FutureTask<CutException> writes =
          new FutureTask<>(() -> {
            jam.write(Jam.JAMMING);
            assertEquals(List.of(), heard.of(Thread.currentThread()));
            return thrownBy(() -> jam.write(1));
          });
      Thread writer = started(kind, writes);
      assertEquals(CutKind.TIMEOUT, writes.get().cut().kind());
      heard.assertOnce(writer, writes.get());
    }
  }

  @Test
  void theGuardAgainstSpinningIsToldLikeTheCutsBeforeIt() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard());
        Heard heard = new Heard()) {
      CancelScope scope = CancelScope.open("spun on");
      scope.cancel("cut");
      CutException[] last = {null};
      scope.run(() -> {
        for (int i = 0; i <= Direction.SPIN_LIMIT; i++) {
          last[0] = thrownBy(() -> pair.in().read());
        }
      });
      assertInstanceOf(CutSocketException.class, last[0]);
      List<Cut> cuts = heard.of(Thread.currentThread());
      assertEquals(Direction.SPIN_LIMIT + 1, cuts.size());
      assertSame(last[0].cut(), cuts.getLast());
    }
  }

  @Test
  void whatIsNotThrownIsNotTold() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard());
        Heard heard = new Heard()) {
      pair.peerOut().write(1);
      pair.awaitAvailable(1);
      CancelScope scope = CancelScope.open("late");
      scope.cancel("too late for a byte that was promised");
      scope.run(() -> assertEquals(1, pair.in().read()));
      pair.socket().close();
      assertThrows(IOException.class, () -> pair.socket().getInputStream());
      assertEquals(List.of(), heard.of(Thread.currentThread()));
    }
  }

  /** Registered while {@code body} runs; the cut is that of a read that times out. */
  private static CutException cutWith(CutListener listener, Pair pair) throws Exception {
    Thread here = Thread.currentThread();
    CutListener mine =
        cut -> {
          if (Thread.currentThread() == here) {
            listener.onCut(cut);
          }
        };
    CancelScope scope = CancelScope.within("cut with it", SHORT);
    try (ScopeView.Registration first = CleanSockets.addCutListener(mine);
        Heard behind = new Heard()) {
      CutException thrown = thrownBy(() -> scope.run(() -> pair.in().read()));
      behind.assertOnce(here, thrown);
      assertEquals(CutKind.DEADLINE, thrown.cut().kind());
      assertInstanceOf(CutTimeoutException.class, thrown);
      assertEquals(0, ((Throwable) thrown).getSuppressed().length);
      return thrown;
    }
  }

  @Test
  void aListenerThatThrowsChangesNothing() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      cutWith(
          cut -> {
            throw new IllegalStateException("a listener's fault");
          },
          pair);
      cutWith(
          cut -> {
            throw new StackOverflowError("a listener's fault");
          },
          pair);
      cutWith(cut -> sneak(new IOException("a listener's fault")), pair);
      pair.peerOut().write(5);
      assertEquals(5, pair.in().read());
    }
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void sneak(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /** The turn is free, nobody counts as inside, and no scope cuts what the listener does. */
  @Test
  void aListenerMayUseTheSocketThatWasCut() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      int[] read = {0};
      cutWith(
          cut ->
              assertDoesNotThrow(() -> {
                pair.peerOut().write(7);
                read[0] = pair.in().read();
                pair.out().write(8);
              }),
          pair);
      assertEquals(7, read[0]);
      assertEquals(8, pair.peerIn().read());
    }
  }

  @Test
  void theScopeOfACutCallIsNotItsListenersScope() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      String[] name = {""};
      boolean[] cut = {true};
      cutWith(
          ignored -> {
            name[0] = CancelScope.current().name();
            cut[0] = CancelScope.current().isCut();
          },
          pair);
      assertEquals(ScopeNode.ROOT.name(), name[0]);
      assertFalse(cut[0]);
    }
  }

  /** Or a listener that reads with a timeout would never come to an end. */
  @Test
  void whatIsCutInAListenerIsNotTold() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard());
        Pair other = Pair.open(SocketSettings.standard().withReadTimeout(Duration.ofMillis(1)))) {
      int[] times = {0};
      cutWith(
          cut -> {
            times[0]++;
            assertThrows(CutTimeoutException.class, () -> other.in().read());
          },
          pair);
      assertEquals(1, times[0]);
    }
  }

  @Test
  void aListenerThatClosesTheSocketChangesNothing() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      CutException thrown = cutWith(cut -> assertDoesNotThrow(pair.socket()::close), pair);
      assertEquals(CutKind.DEADLINE, thrown.cut().kind());
      assertTrue(pair.socket().isClosed());
      assertEquals(-1, pair.peerIn().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptStaysSetWhateverAListenerDoes(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard());
        Heard heard = new Heard()) {
      boolean[] seen = {false};
      FutureTask<Boolean> read =
          new FutureTask<>(() -> {
            Thread here = Thread.currentThread();
            try (ScopeView.Registration clears =
                CleanSockets.addCutListener(cut -> {
                  if (Thread.currentThread() == here) {
                    seen[0] = Thread.interrupted();
                  }
                })) {
              thrownBy(() -> pair.in().read());
              return here.isInterrupted();
            }
          });
      Thread reader = kind.start(read);
      pair.awaitReader();
      reader.interrupt();
      assertTrue(read.get(), "still set");
      assertTrue(seen[0], "set when the listener ran");
      assertEquals(1, heard.of(reader).size());
    }
  }

  /** Nobody waits for a listener but the call that was cut. */
  @ParameterizedTest
  @EnumSource
  void aListenerThatBlocksHoldsNobodyUp(ThreadKind kind) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<Thread> blocked = new AtomicReference<>();
    try (CleanServerSocket listener =
            new CleanServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ScopeView.Registration blocks =
            CleanSockets.addCutListener(cut -> {
              if (cut.call() == Operation.ACCEPT) {
                blocked.set(Thread.currentThread());
                assertDoesNotThrow(() -> go.await());
              }
            })) {
      CancelScope scope = CancelScope.open("not now");
      FutureTask<CutException> accept =
          new FutureTask<>(() -> thrownBy(() -> scope.run(listener::accept)));
      kind.start(accept);
      CancelScope none = CancelScope.open("others");
      scope.cancel("not now");
      Conditions.await("the listener", () -> blocked.get() != null);
      try (CleanSocket client = new CleanSocket()) {
        client.connect(listener.getLocalSocketAddress());
        none.run(() -> listener.accept().close());
      }
      assertTrue(listener.getLocalPort() > 0);
      listener.close();
      assertEquals(0, inside(listener), "the close has not waited for the listener");
      assertFalse(accept.isDone());
      go.countDown();
      assertEquals(CutKind.CANCELLED, accept.get().cut().kind());
    } finally {
      go.countDown();
    }
  }

  private static int inside(CleanServerSocket listener) {
    return (int)
        CleanSockets.dump().sockets().stream()
            .filter(each -> each.kind() == SocketState.Kind.LISTENER)
            .filter(each -> listener.getLocalSocketAddress().equals(each.local()))
            .count();
  }

  /** While a shutdown is under way writes are refused; a cut one is not under way. */
  @Test
  void aCutShutdownLetsWritesBeginAgainBeforeItIsTold() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      Thread here = Thread.currentThread();
      AtomicReference<IOException> met = new AtomicReference<>();
      try (ScopeView.Registration writes =
          CleanSockets.addCutListener(cut -> {
            if (Thread.currentThread() == here) {
              met.set(
                  assertThrows(
                      IOException.class,
                      () -> CancelScope.within(SHORT).run(() -> jam.pair.out().write(1))));
            }
          })) {
        thrownBy(() -> CancelScope.within(SHORT).run(() -> jam.pair.socket().shutdownOutput()));
      }
      assertInstanceOf(CutTimeoutException.class, met.get());
    }
  }

  @Test
  void aListenerThatWasTakenBackIsNotTold() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      Heard heard = new Heard();
      heard.close();
      heard.close();
      thrownBy(() -> CancelScope.within(SHORT).run(() -> pair.in().read()));
      assertEquals(List.of(), heard.of(Thread.currentThread()));
    }
  }

  @Test
  void aListenerRegisteredTwiceIsToldTwice() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard());
        Heard heard = new Heard()) {
      try (ScopeView.Registration again = CleanSockets.addCutListener(heard)) {
        thrownBy(() -> CancelScope.within(SHORT).run(() -> pair.in().read()));
      }
      assertEquals(2, heard.of(Thread.currentThread()).size());
    }
    assertThrows(NullPointerException.class, () -> CleanSockets.addCutListener(nothing()));
  }

  private static CutListener nothing() {
    CutListener none = null;
    assertNull(none);
    return none;
  }
}
