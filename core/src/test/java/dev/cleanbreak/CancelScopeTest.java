package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CancelScopeTest {
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void outsideEveryScopeNothingIsCut() throws Exception {
    ScopeView none = CancelScope.current();
    assertFalse(none.isCut());
    assertTrue(none.deadline().isNone());
    none.checkpoint();
  }

  @Test
  void theFirstCutWinsAndStays() throws IOException {
    CancelScope scope = CancelScope.open("job");
    assertTrue(scope.cancel("first"));
    assertFalse(scope.cancel("second"));
    scope.setDeadline(Deadline.after(Duration.ZERO));
    assertEquals("first", scope.view().reason().orElseThrow());
    scope.run(() -> {
      for (int i = 0; i < 3; i++) {
        CancelledIOException cut =
            assertThrows(CancelledIOException.class, CancelScope.current()::checkpoint);
        assertEquals("first", cut.cut().reason());
      }
    });
  }

  @Test
  void aCutReachesInnerScopesButNoShieldAndNoOuterOne() throws Exception {
    CancelScope outer = CancelScope.open("outer");
    outer.run(() -> {
      CancelScope middle = CancelScope.open("middle");
      middle.run(() -> {
        CancelScope inner = CancelScope.within(LONG);
        CancelScope shield = CancelScope.shielded(LONG);
        middle.cancel("stop");
        assertTrue(inner.view().isCut());
        assertFalse(shield.view().isCut());
        assertEquals("stop", inner.view().reason().orElseThrow());
        shield.run(
            () -> CancelScope.open("in the shield").run(() -> CancelScope.current().checkpoint()));
      });
      CancelScope.current().checkpoint();
    });
  }

  @Test
  void theEarliestDeadlineOfTheChainAppliesUpToAShield() throws Exception {
    CancelScope outer = CancelScope.within(Duration.ofMinutes(1));
    outer.run(() -> {
      CancelScope inner = CancelScope.within(LONG);
      assertEquals(outer.view().deadline(), inner.view().deadline());
      CancelScope shield = CancelScope.shielded(LONG);
      assertTrue(shield.view().deadline().compareTo(outer.view().deadline()) > 0);
      outer.setDeadline(Deadline.after(Duration.ofHours(2)));
      assertTrue(
          inner.view().deadline().compareTo(outer.view().deadline()) < 0,
          "the inner one is resolved anew when the outer one moves");
    });
  }

  @Test
  void aPassedDeadlineNamesTheScopeWhoseItIs() throws Exception {
    CancelScope.until(Deadline.after(Duration.ZERO))
        .run(() ->
            CancelScope.open("inner")
                .run(() -> {
                  CutTimeoutException cut =
                      assertThrows(CutTimeoutException.class, CancelScope.current()::checkpoint);
                  assertEquals(CutKind.DEADLINE, cut.cut().kind());
                  assertEquals("until deadline", cut.cut().scope());
                  assertNull(cut.cut().origin());
                }));
  }

  @ParameterizedTest
  @EnumSource
  void movingADeadlineWakesTheCallThatWaits(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      CancelScope scope = CancelScope.within(LONG);
      FutureTask<Integer> read =
          new FutureTask<>(
              () -> scope.call(() -> CancelScope.open("inner").call(() -> pair.in().read())));
      kind.start(read);
      pair.awaitReader();
      scope.setDeadline(Deadline.after(Duration.ofMillis(1)));
      Futures.failure(CutTimeoutException.class, read);
    }
  }

  @Test
  void aWrappedTaskRunsInTheScopeAndIsCutWhenItOutlivesIt() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard());
        ExecutorService pool = Executors.newSingleThreadExecutor()) {
      CancelScope scope = CancelScope.open("left");
      Future<Integer> task =
          scope.call(() -> {
            Future<Integer> submitted = pool.submit(scope.wrap(() -> pair.in().read()));
            pair.awaitReader();
            return submitted;
          });
      CancelledIOException cut = Futures.failure(CancelledIOException.class, task);
      assertEquals(CutKind.SCOPE_ENDED, cut.cut().kind());
      assertEquals("left", cut.cut().scope());
    }
  }

  @Test
  void aTaskThatStartsAfterItsScopeEndedIsCutAtItsFirstCall() throws Exception {
    CancelScope scope = CancelScope.open("over");
    var task =
        scope.wrap(() -> {
          CancelScope.current().checkpoint();
          return null;
        });
    scope.run(() -> {});
    CancelledIOException cut = assertThrows(CancelledIOException.class, task::call);
    assertEquals(CutKind.SCOPE_ENDED, cut.cut().kind());
    CancelScope inEnded = scopeInside(scope);
    assertTrue(inEnded.view().isCut(), "a scope opened inside an ended one is cut");
  }

  private static CancelScope scopeInside(CancelScope ended) throws Exception {
    ScopeNode node = (ScopeNode) ended.view();
    return ScopedValue.where(ScopeNode.CURRENT, node).call(() -> CancelScope.open("late"));
  }

  /** Its scope is unlinked from the outer one, whose own end or deadline must not hide that. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStrayTaskIsCutThoughTheOuterScopeIsOverToo(boolean deadline) throws Exception {
    CancelScope outer =
        CancelScope.open("outer")
            .setDeadline(deadline ? Deadline.after(Duration.ofMillis(20)) : Deadline.none());
    AtomicReference<Callable<Boolean>> stray = new AtomicReference<>();
    outer.run(() -> {
      CancelScope inner = CancelScope.open("inner");
      inner.run(() -> stray.set(inner.wrap(() -> CancelScope.current().isCut())));
      Conditions.await("overdue", () -> !deadline || CancelScope.current().isCut());
    });
    FutureTask<Boolean> task = new FutureTask<>(stray.get());
    ThreadKind.VIRTUAL.start(task);
    assertTrue(task.get());
  }

  @Test
  void ofTwoDeadlinesThatHavePassedTheEarlierIsTheCut() throws Exception {
    CancelScope outer = CancelScope.open("outer").setDeadline(Deadline.after(LONG));
    outer.run(() -> {
      CancelScope inner =
          CancelScope.open("inner").setDeadline(Deadline.after(Duration.ofMillis(1)));
      Deadline later = Deadline.after(Duration.ofMillis(2));
      outer.setDeadline(later);
      Conditions.await("both", later::hasPassed);
      inner.run(() -> {
        CutTimeoutException cut =
            assertThrows(CutTimeoutException.class, CancelScope.current()::checkpoint);
        assertEquals("inner", cut.cut().scope());
      });
    });
  }

  @Test
  void aDeadlineThatHasPassedIsTheCutThoughNobodyHasLooked() throws Exception {
    CancelScope scope = CancelScope.within(Duration.ZERO);
    assertFalse(scope.cancel("too late"));
    scope.setDeadline(Deadline.after(LONG));
    scope.run(() -> {
      CutTimeoutException cut =
          assertThrows(CutTimeoutException.class, CancelScope.current()::checkpoint);
      assertEquals(CutKind.DEADLINE, cut.cut().kind());
    });
  }

  @Test
  void aShieldKeepsALimit() {
    CancelScope shield = CancelScope.shielded(LONG);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> shield.setDeadline(Deadline.none()));
    assertTrue(refused.getMessage().contains("Deadline[none]"), refused.getMessage());
    assertFalse(shield.view().deadline().isNone());
  }

  @Test
  void anEndedScopeRefusesWork() {
    CancelScope scope = CancelScope.open("once");
    scope.run(() -> {});
    assertTrue(scope.hasEnded());
    assertThrows(IllegalStateException.class, () -> scope.run(() -> {}));
    assertThrows(IllegalStateException.class, () -> scope.wrap(() -> {}));
    assertFalse(scope.cancel("too late"));
    CancelScope twice = CancelScope.open("twice");
    twice.run(() -> assertThrows(IllegalStateException.class, () -> twice.run(() -> {})));
  }

  @Test
  void bodyResultsAndExceptionsPassThrough() throws Exception {
    assertEquals("x", CancelScope.open("a").call(() -> "x"));
    IOException thrown = new IOException("mine");
    assertSame(
        thrown,
        assertThrows(
            IOException.class,
            () ->
                CancelScope.open("a")
                    .run(() -> {
                      throw thrown;
                    })));
  }

  @Test
  void anActionRunsOnceOnCancelAndAtOnceWhenLate() throws Exception {
    CancelScope scope = CancelScope.open("actions");
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch ran = new CountDownLatch(2);
    Runnable action =
        () -> {
          runs.incrementAndGet();
          ran.countDown();
        };
    scope.view().onCancel(action);
    ScopeView.Registration takenBack = scope.view().onCancel(runs::incrementAndGet);
    takenBack.close();
    scope.cancel("go");
    scope.view().onCancel(action);
    assertTrue(ran.await(20, TimeUnit.SECONDS));
    takenBack.close();
    assertEquals(2, runs.get());
  }

  @Test
  void anActionRunsWhenADeadlinePassesThoughNobodyCalls() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    CancelScope scope = CancelScope.within(LONG);
    CancelScope inner =
        scope.call(() -> {
          CancelScope made = CancelScope.open("inner");
          made.view().onCancel(ran::countDown);
          scope.setDeadline(Deadline.after(Duration.ofMillis(5)));
          assertTrue(ran.await(20, TimeUnit.SECONDS));
          return made;
        });
    assertTrue(inner.view().isCut());
  }

  @Test
  void noActionIsRefusedWhereItIsGiven() {
    CancelScope scope = CancelScope.open("job");
    assertThrows(NullPointerException.class, () -> scope.view().onCancel(null));
    assertTrue(scope.cancel("goes on"));
  }

  /** The pool may be full of the calls that the action is to end. */
  @Test
  void anActionRunsThoughTheCommonPoolIsBusy() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    List<Future<?>> hogs = new ArrayList<>();
    for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism() + 1; i++) {
      hogs.add(
          ForkJoinPool.commonPool()
              .submit(() -> {
                ended.await();
                return null;
              }));
    }
    try (CancelScope scope = CancelScope.within(Duration.ofMillis(30))) {
      scope.view().onCancel(ended::countDown);
      assertTrue(ended.await(20, TimeUnit.SECONDS));
    } finally {
      ended.countDown();
      for (Future<?> each : hogs) {
        each.get();
      }
    }
  }

  @Test
  void anActionOfAScopeThatEndsUncutNeverRuns() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CancelScope scope = CancelScope.within(LONG);
    scope.view().onCancel(runs::incrementAndGet);
    scope.run(() -> {});
    scope.setDeadline(Deadline.after(Duration.ZERO));
    assertFalse(scope.cancel("too late"));
    assertTrue(scope.view().isCut(), "what still looks at it sees that it has ended");
    assertEquals(0, runs.get());
  }

  @Test
  void whoeverMayOnlyLookCannotCancel() throws Exception {
    CancelScope.open("looked at")
        .run(() -> {
          ScopeView view = CancelScope.current();
          assertInstanceOf(ScopeView.class, view);
          for (var method : ScopeView.class.getMethods()) {
            assertFalse(CancelScope.class.isAssignableFrom(method.getReturnType()));
            assertFalse(method.getName().equals("cancel"));
          }
          assertFalse((Object) view instanceof CancelScope);
        });
  }

  @ParameterizedTest
  @EnumSource
  void aShieldedCallWaitsOnThroughAnInterruptAndRestoresIt(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Boolean> read =
          new FutureTask<>(() -> {
            int got = CancelScope.shielded(LONG).call(() -> pair.in().read());
            return got == 7 && Thread.interrupted();
          });
      Thread reader = kind.start(read);
      pair.awaitReader();
      reader.interrupt();
      Conditions.await("the status is put aside", () -> !reader.isInterrupted());
      pair.peerOut().write(7);
      assertTrue(read.get());
    }
  }

  @Test
  void theOriginHoldsNoThread() {
    for (var field : CutOrigin.class.getDeclaredFields()) {
      assertFalse(Thread.class.isAssignableFrom(field.getType()), field::toString);
    }
    CancelScope scope = CancelScope.open("who");
    scope.cancel("me");
    CutException cut =
        assertThrows(
            CancelledIOException.class, () -> scope.run(() -> CancelScope.current().checkpoint()));
    assertNotNull(cut.cut().origin());
  }

  @ParameterizedTest
  @EnumSource
  void aShieldCanTellOfTheInterruptItKeepsOff(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      List<CancelledIOException> told = new ArrayList<>();
      CountDownLatch heard = new CountDownLatch(1);
      AtomicReference<Object> end = new AtomicReference<>();
      Thread victim =
          kind.start(() -> {
            CancelScope shield =
                CancelScope.shielded(
                    LONG,
                    interrupt -> {
                      told.add(interrupt);
                      heard.countDown();
                    });
            try {
              int got = shield.call(() -> CancelScope.open("inner").call(() -> pair.in().read()));
              end.set(got + " " + Thread.currentThread().isInterrupted());
            } catch (IOException e) {
              end.set(e);
            }
          });
      pair.awaitReader();
      victim.interrupt();
      assertTrue(heard.await(10, TimeUnit.SECONDS));
      victim.interrupt();
      pair.peerOut().write(7);
      victim.join();
      assertEquals("7 true", end.get());
      assertEquals(1, told.size());
      assertEquals(CutKind.INTERRUPTED, told.getFirst().cut().kind());
      assertEquals(Operation.READ, told.getFirst().cut().call());
    }
  }

  @Test
  void aShieldInsideAShieldTellsNothing() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.peerOut().write(7);
      AtomicInteger told = new AtomicInteger();
      Thread.currentThread().interrupt();
      int got =
          CancelScope.shielded(LONG)
              .call(() ->
                  CancelScope.shielded(LONG, _ -> told.incrementAndGet())
                      .call(() -> pair.in().read()));
      assertEquals(7, got);
      assertTrue(Thread.interrupted());
      assertEquals(0, told.get());
    }
  }
}
