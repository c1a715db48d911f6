package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One call object after the other: what was meant for a call does not reach the next one. */
@Timeout(60)
class CallReuseTest {
  private static Call enter(StreamConnection connection) throws IOException {
    return connection.enter(connection.inputTurn, Operation.READ, () -> Ticks.NEVER);
  }

  private static void end(StreamConnection connection, Call call) {
    connection.end(connection.inputTurn, call);
  }

  @Test
  void aCallThatNobodyElseCanHaveIsUsedAgain() throws IOException {
    StreamConnection connection = new StreamConnection(SocketSettings.standard());
    Call first = enter(connection);
    end(connection, first);
    Call next = enter(connection);
    assertSame(first, next);
    end(connection, next);
  }

  /** A TLS reader answers, a handshake reads and sends: such a call is found in several turns. */
  @Test
  void aCallThatWasFoundInASecondTurnIsNotUsedAgain() throws IOException {
    StreamConnection connection = new StreamConnection(SocketSettings.standard());
    Call first = enter(connection);
    assertTrue(connection.outputTurn.tryAcquire(first));
    AtomicReference<Call> next = new AtomicReference<>();
    connection.outputTurn.timeout(
        1,
        operation -> {
          connection.outputTurn.release(first);
          end(connection, first);
          next.set(connection.inputTurn.newCall(connection, Operation.READ, Ticks.NEVER));
          return true;
        });
    assertNotSame(first, next.get());
  }

  /** An interrupt before a call is nobody's whom the call before it could have seen. */
  @Test
  void anInterruptAfterAWatchIsNotWaitedFor() {
    InterruptWitness witness = new InterruptWitness();
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      witness.beginWatch(null);
      witness.endWatch();
      Thread.currentThread().interrupt();
      long began = System.nanoTime();
      assertNull(witness.seen());
      fastest = Math.min(fastest, System.nanoTime() - began);
      assertTrue(Thread.interrupted());
    }
    assertTrue(fastest < InterruptWitness.MOST_WAIT_NANOS, "waited " + fastest + " ns");
  }

  @Test
  void anInterruptDuringALaterWatchIsSeen() throws Exception {
    InterruptWitness witness = new InterruptWitness();
    witness.beginWatch(null);
    witness.endWatch();
    Thread me = Thread.currentThread();
    witness.beginWatch(null);
    Thread other = Thread.ofPlatform().name("the one").start(me::interrupt);
    // Whoever sets the status comes to the witness a little later, if the watch still stands.
    Conditions.await("the interrupter", () -> me.isInterrupted() && witness.seen() != null);
    assertTrue(witness.endWatch());
    CutOrigin seen = witness.seen();
    assertTrue(Thread.interrupted());
    other.join();
    assertTrue(seen != null && seen.getMessage().contains("the one"), String.valueOf(seen));
  }

  /** A connection may be idle for long, and a thread that is over drags its class loader along. */
  @Test
  void aConnectionKeepsNoThreadThatHasRead() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      WeakReference<Thread> reader = read(pair);
      Conditions.await(
          "the thread to be forgotten",
          () -> {
            System.gc();
            return reader.refersTo(null);
          });
      assertEquals(0, pair.in().available());
    }
  }

  private static WeakReference<Thread> read(Pair pair) throws Exception {
    FutureTask<Integer> read = new FutureTask<>(() -> pair.in().read());
    Thread thread = ThreadKind.VIRTUAL.start(read);
    pair.awaitReader();
    pair.peer().getOutputStream().write(7);
    assertEquals(7, read.get());
    thread.join();
    return new WeakReference<>(thread);
  }
}
