package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock of a call that waits: what starts its timeout again, and what does not. */
@Timeout(30)
class CallTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  /** A call that waits for bytes which never come. */
  private static final class Waiting implements AutoCloseable {
    final Pair pair = Pair.open(SocketSettings.standard());
    final Call call;
    private final Readiness readiness;

    Waiting(long timeout) throws IOException {
      StreamConnection connection = pair.socket().connection();
      call = new Call(connection, Operation.READ, timeout);
      readiness = connection.streamPort().newReadiness();
    }

    boolean sleeps() throws IOException {
      return call.await(readiness, Readiness.READ);
    }

    boolean looksAgain() throws IOException {
      call.wake();
      return sleeps();
    }

    void assertTimedOut() {
      CutCause cause = call.cause();
      assertNotNull(cause);
      assertEquals(CutKind.TIMEOUT, cause.kind());
    }

    @Override
    public void close() throws IOException {
      call.end();
      readiness.close();
      pair.close();
    }
  }

  @Test
  void progressInTimeStartsTheTimeoutAgain() throws Exception {
    try (Waiting waiting = new Waiting(HOUR)) {
      assertTrue(waiting.looksAgain());
      waiting.call.progressed(Ticks.now() + HOUR / 2);
      // Counted from before the progress this timeout has passed.
      waiting.call.timeout(1);
      assertTrue(waiting.looksAgain());
    }
  }

  /** Or a kernel that takes a few bytes of each last try would double every timeout. */
  @Test
  void progressAfterTheTimeoutDoesNotStartItAgain() throws Exception {
    try (Waiting waiting = new Waiting(TimeUnit.MILLISECONDS.toNanos(50))) {
      assertTrue(waiting.sleeps(), "one try is left, for what came with the timeout");
      waiting.call.progressed();
      assertFalse(waiting.sleeps());
      waiting.assertTimedOut();
    }
  }

  @Test
  void progressBeforeTheFirstWaitIsNotAsked() throws Exception {
    try (Waiting waiting = new Waiting(HOUR)) {
      waiting.call.progressed(1);
      assertTrue(waiting.looksAgain());
      waiting.call.timeout(1);
      assertFalse(waiting.looksAgain());
      waiting.assertTimedOut();
    }
  }

  /** The status was set after the look at entry and before the watch: nobody saw by whom. */
  @Test
  void anInterruptBetweenEntryAndWaitIsNobodys() throws Exception {
    FutureTask<CutCause> wait =
        new FutureTask<>(() -> {
          try (Waiting waiting = new Waiting(HOUR)) {
            assertFalse(waiting.call.isCutAtEntry());
            Thread.currentThread().interrupt();
            assertFalse(waiting.sleeps());
            assertTrue(Thread.interrupted());
            return waiting.call.cause();
          }
        });
    ThreadKind.VIRTUAL.start(wait);
    CutCause cause = wait.get();
    assertNotNull(cause);
    assertEquals(CutKind.INTERRUPTED, cause.kind());
    assertNull(cause.origin(), "not even the thread itself");
  }
}
