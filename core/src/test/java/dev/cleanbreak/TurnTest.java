package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several threads in one direction of a socket: waiting for the turn is part of the call. */
@Timeout(60)
class TurnTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private static FutureTask<Boolean> writing(Jam jam, int size, ThreadKind kind) {
    FutureTask<Boolean> write =
        new FutureTask<>(() -> {
          jam.pair.out().write(new byte[size]);
          return true;
        });
    kind.start(write);
    return write;
  }

  /** What the kernel takes of the carry, whoever offers it, is progress of the write behind it. */
  @ParameterizedTest
  @EnumSource
  void aWriteBehindACarryThatMovesDoesNotTimeOut(ThreadKind kind) throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      jam.pair.socket().setWriteTimeout(TIMEOUT);
      FutureTask<Boolean> write = writing(jam, 1, kind);
      jam.takeSlowly(jam.accepted, TIMEOUT);
      assertTrue(write.get());
    }
  }

  /** And so are the bytes of the writer that has the turn. */
  @ParameterizedTest
  @EnumSource
  void aWriteBehindAWriterThatMovesDoesNotTimeOut(ThreadKind kind) throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard().withWriteTimeout(TIMEOUT))) {
      FutureTask<Boolean> first = writing(jam, 2 * Jam.JAMMING, kind);
      jam.pair.awaitWriter();
      FutureTask<Boolean> second = writing(jam, 1, kind);
      jam.takeSlowly(2 * Jam.JAMMING, TIMEOUT);
      assertTrue(first.get());
      assertTrue(second.get());
    }
  }

  /** Our own setters reach a call that waits, be it for bytes or for its turn. */
  @ParameterizedTest
  @EnumSource
  void aReadTimeoutReachesThoseWhoWaitForTheirTurn(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      List<FutureTask<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        FutureTask<Integer> reader = new FutureTask<>(() -> pair.in().read());
        readers.add(reader);
        kind.start(reader);
      }
      pair.awaitReader();
      pair.socket().setReadTimeout(Duration.ofMillis(20));
      for (FutureTask<Integer> each : readers) {
        CutTimeoutException late = Futures.failure(CutTimeoutException.class, each);
        assertEquals(CutKind.TIMEOUT, late.cut().kind());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWriteTimeoutReachesThoseWhoWaitForTheirTurn(ThreadKind kind) throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      FutureTask<Boolean> first = writing(jam, 2 * Jam.JAMMING, kind);
      jam.pair.awaitWriter();
      FutureTask<Boolean> second = writing(jam, 1, kind);
      awaitQueued(jam.pair.socket().connection().outputTurn);
      jam.pair.socket().setWriteTimeout(Duration.ofMillis(20));
      assertTrue(Futures.failure(CutTimeoutException.class, first).bytesMoved() > 0);
      assertEquals(0, Futures.failure(CutTimeoutException.class, second).bytesMoved());
    }
  }

  private static void awaitQueued(Direction turn) {
    Conditions.await(
        "a call that waits for its turn",
        () -> {
          Map<Call, CallState> calls = new HashMap<>();
          turn.addCallsTo(calls, Ticks.now());
          return calls.values().stream().anyMatch(CallState::queued);
        });
  }

  /** Set after the call was made and before it joined the queue, where no setter found it yet. */
  @Test
  void aTimeoutSetBeforeACallJoinsTheQueueIsTakenUp() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      StreamConnection connection = pair.socket().connection();
      Direction turn = connection.inputTurn;
      Call holder = new Call(connection, Operation.READ, Ticks.NEVER);
      assertTrue(turn.tryAcquire(holder));
      Call waiter = new Call(connection, Operation.READ, Ticks.NEVER);
      assertFalse(turn.acquire(waiter, () -> 1));
      CutCause cause = waiter.cause();
      assertNotNull(cause);
      assertEquals(CutKind.TIMEOUT, cause.kind());
      waiter.end();
      turn.release(holder);
    }
  }

  @Test
  void aShutdownThatIsCutLeavesTheWritersAlone() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      FutureTask<Boolean> write = writing(jam, 1, ThreadKind.PLATFORM);
      jam.pair.awaitWriter();
      CancelScope cancelled = CancelScope.open("cancelled");
      cancelled.cancel("before");
      cancelled.run(
          () -> assertThrows(CancelledIOException.class, () -> jam.pair.socket().shutdownOutput()));
      assertFalse(jam.pair.socket().isOutputShutdown());
      jam.pair.peerIn().readNBytes(Jam.JAMMING);
      assertTrue(write.get());
    }
  }

  @Test
  void callersThatSpinTogetherAreStoppedToo() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("spun on");
      scope.cancel("cut");
      List<FutureTask<Object>> spinners = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Callable<Object> spinning =
            scope.wrap(() -> assertThrows(CutSocketException.class, () -> readWithoutEnd(pair)));
        FutureTask<Object> spinner = new FutureTask<>(spinning);
        spinners.add(spinner);
        ThreadKind.PLATFORM.start(spinner);
      }
      for (FutureTask<Object> each : spinners) {
        each.get();
      }
    }
  }

  private static void readWithoutEnd(Pair pair) throws java.io.IOException {
    for (; ; ) {
      try {
        pair.in().read();
      } catch (CancelledIOException ignoredAsSomeDo) {
        // That is what the guard is for.
      }
    }
  }
}
