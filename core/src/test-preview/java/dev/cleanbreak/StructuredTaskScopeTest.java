package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Forks of a StructuredTaskScope (preview in JDK 25) run in the cancel scope of their owner. */
@Timeout(30)
class StructuredTaskScopeTest {
  @Test
  void forksInheritTheScope() throws Exception {
    CancelScope.open("owner")
        .run(() -> {
          ScopeView owners = CancelScope.current();
          try (var forks = StructuredTaskScope.open()) {
            Subtask<ScopeView> fork = forks.fork(CancelScope::current);
            forks.join();
            assertSame(owners, fork.get());
          }
        });
  }

  @Test
  void aCancelCutsTheCallsOfAllForksAndKeepsTheirSockets() throws Exception {
    try (Pair one = Pair.open(SocketSettings.standard());
        Pair two = Pair.open(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("fan-out");
      scope.run(() -> {
        try (var forks = StructuredTaskScope.open(Joiner.<Integer>awaitAll())) {
          Subtask<Integer> first = forks.fork(() -> one.in().read());
          Subtask<Integer> second = forks.fork(() -> two.in().read());
          one.awaitReader();
          two.awaitReader();
          scope.cancel("enough");
          forks.join();
          assertInstanceOf(CancelledIOException.class, first.exception());
          assertInstanceOf(CancelledIOException.class, second.exception());
        }
      });
      one.peerOut().write(1);
      two.peerOut().write(2);
      assertEquals(1, one.in().read());
      assertEquals(2, two.in().read());
    }
  }

  /** The scope's own way to cancel is an interrupt: the loser's socket must live on. */
  @Test
  void aLoserIsInterruptedAndItsSocketLivesOn() throws Exception {
    try (Pair winner = Pair.open(SocketSettings.standard());
        Pair loser = Pair.open(SocketSettings.standard())) {
      try (var race = StructuredTaskScope.open(Joiner.<Integer>anySuccessfulResultOrThrow())) {
        race.fork(() -> winner.in().read());
        race.fork(() -> loser.in().read());
        winner.awaitReader();
        loser.awaitReader();
        winner.peerOut().write(42);
        assertEquals(42, race.join());
      }
      loser.peerOut().write(7);
      assertEquals(7, loser.in().read());
    }
  }

  @Test
  void aDeadlineOfTheCancelScopeEndsTheForks() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      CancelScope.within(Duration.ofMillis(20))
          .run(() -> {
            try (var forks = StructuredTaskScope.open()) {
              forks.fork(() -> pair.in().read());
              var failed = assertThrows(StructuredTaskScope.FailedException.class, forks::join);
              assertInstanceOf(CutTimeoutException.class, failed.getCause());
            }
          });
    }
  }
}
