package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes, in full: what a jammed peer makes of the promises about writes. */
@Timeout(60)
class WriteTest {
  private static final Duration LONG = Duration.ofHours(1);

  private static CancelScope soon() {
    return CancelScope.within(Duration.ofMillis(30));
  }

  private static Thread start(FutureTask<?> task) {
    return ThreadKind.PLATFORM.start(task);
  }

  @Test
  void theDrainerPaysThoughNobodyCallsAgain() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      jam.assertAllArrives();
      Conditions.await(
          "the carry is empty", () -> jam.pair.socket().connection().output.owesNothing());
    }
  }

  @Test
  void aCutWriteFollowedByAReadDoesNotDeadlock() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      FutureTask<Integer> reply = new FutureTask<>(() -> jam.pair.in().read());
      start(reply);
      jam.assertAllArrives();
      jam.pair.peerOut().write(5);
      assertEquals(5, reply.get());
    }
  }

  @Test
  void closeDeliversTheTailOfAnEarlierWriteAndThenEnds() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withCloseLimit(LONG))) {
      jam.jamWithTail();
      jam.pair.socket().close();
      jam.assertAllArrives();
      jam.assertThenEnds();
    }
  }

  @Test
  void shutdownOutputSendsTheEndBehindTheTail() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      FutureTask<Void> shutdown =
          new FutureTask<>(() -> {
            jam.pair.socket().shutdownOutput();
            return null;
          });
      start(shutdown);
      jam.assertAllArrives();
      jam.assertThenEnds();
      shutdown.get();
      assertThrows(SocketException.class, () -> jam.write(1));
    }
  }

  @Test
  void aClosedSocketThatCannotDeliverIsReset() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withCloseLimit(Duration.ofMillis(20)))) {
      jam.jamWithTail();
      jam.pair.socket().close();
      // The reset is seen without reading: the peer's writes fail at last.
      assertThrows(
          SocketException.class,
          () -> {
            for (; ; ) {
              jam.pair.peerOut().write(new byte[100_000]);
            }
          });
    }
  }

  @Test
  void abortKeepsWhatTheKernelHasOutOfThePeer() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      jam.pair.socket().abort();
      InputStream in = jam.pair.peerIn();
      byte[] buffer = new byte[64 * 1024];
      int seen = 0;
      try {
        for (int n; (n = in.read(buffer)) >= 0; ) {
          assertArrayEquals(Jam.pattern(seen, n), Arrays.copyOf(buffer, n));
          seen += n;
        }
        throw new AssertionError("the stream ended as if it were whole");
      } catch (SocketException reset) {
        assertTrue(seen < jam.accepted, seen + " of " + jam.accepted);
      }
    }
  }

  @Test
  void aTailThatCannotBePaidInTimePoisonsTheOutputAlone() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withCarryTimeout(Duration.ofMillis(50)))) {
      jam.jamWithTail();
      Conditions.await("the poison", () -> jam.pair.socket().connection().output.owesNothing());
      SocketException poisoned = assertThrows(SocketException.class, () -> jam.write(1));
      assertTrue(poisoned.getMessage().contains("poisoned"), poisoned::getMessage);
      assertThrows(SocketException.class, () -> jam.pair.out().flush());
      jam.pair.peerOut().write(9);
      assertEquals(9, jam.pair.in().read(), "the input lives on");
      assertThrows(SocketException.class, () -> jam.pair.socket().shutdownOutput());
      jam.pair.socket().close();
      assertThrows(
          SocketException.class,
          () -> jam.pair.peerIn().readAllBytes(),
          "a clean end would tell the peer that it has everything");
    }
  }

  @Test
  void aTimeoutThatAWriteCarriedIsThrownByTheNextOneAtOnceAndOnce() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withWriteTimeout(Duration.ofMillis(300)))) {
      jam.write(Jam.JAMMING);
      // Now nothing but the peer's standing still is left of the timeout: another one would last.
      jam.pair.socket().setWriteTimeout(LONG);
      CutTimeoutException late = assertThrows(CutTimeoutException.class, () -> jam.write(1));
      assertEquals(CutKind.TIMEOUT, late.cut().kind());
      assertEquals(0, late.bytesMoved());
      assertEquals(Duration.ZERO, late.cut().waited());
      FutureTask<Void> again =
          new FutureTask<>(() -> {
            jam.write(1);
            return null;
          });
      start(again);
      jam.pair.awaitWriter();
      assertFalse(again.isDone(), "it waits again");
      assertArrayEquals(
          Jam.pattern(0, Jam.JAMMING + 1), jam.pair.peerIn().readNBytes(Jam.JAMMING + 1));
      again.get();
    }
  }

  @Test
  void aTimeoutThatAWriteCarriedIsOverOnceThePeerTakesOn() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withWriteTimeout(Duration.ofMillis(300)))) {
      jam.write(Jam.JAMMING);
      jam.pair.socket().setWriteTimeout(LONG);
      int carried = jam.pair.socket().connection().output.carried();
      assertTrue(carried > 0);
      byte[] head = jam.pair.peerIn().readNBytes(Jam.JAMMING - carried);
      assertArrayEquals(Jam.pattern(0, head.length), head);
      Conditions.await(
          "the peer takes on", () -> jam.pair.socket().connection().output.carried() < carried);
      FutureTask<byte[]> rest = new FutureTask<>(() -> jam.pair.peerIn().readNBytes(carried + 1));
      start(rest);
      jam.write(1);
      assertArrayEquals(Jam.pattern(head.length, carried + 1), rest.get());
    }
  }

  @Test
  void aTailThatDoesNotFitIsThrownWithTheExactCount() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard().withCarryLimit(100))) {
      byte[] all = Jam.pattern(0, 16 * 1024 * 1024);
      CancelledIOException cut = jam.cutWhileItWaits(() -> jam.pair.out().write(all)).orElseThrow();
      int sent = (int) cut.bytesMoved();
      assertTrue(sent > 0 && sent < all.length);
      assertEquals(sent, cut.bytesTransferred);
      assertArrayEquals(Jam.pattern(0, sent), jam.pair.peerIn().readNBytes(sent));
      FutureTask<Void> rest =
          new FutureTask<>(() -> {
            jam.pair.out().write(all, sent, all.length - sent);
            return null;
          });
      start(rest);
      assertArrayEquals(
          Jam.pattern(sent, all.length - sent), jam.pair.peerIn().readNBytes(all.length - sent));
      rest.get();
    }
  }

  /** The tail that the first one leaves behind must not die of the same timeout. */
  @Test
  void aWriteThatTimedOutCanBeRepeatedWhenTheJamIsCleared() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withWriteTimeout(Duration.ofMillis(20)))) {
      jam.write(Jam.JAMMING);
      for (int i = 0; i < 5; i++) {
        assertThrows(CutTimeoutException.class, () -> jam.write(1));
      }
      jam.pair.socket().setWriteTimeout(Duration.ZERO);
      jam.assertAllArrives();
      jam.write(1);
      assertEquals(Jam.pattern(Jam.JAMMING, 1)[0], (byte) jam.pair.peerIn().read());
    }
  }

  @Test
  void carryAlwaysThrowsOnlyWhenTheCarryIsFullAndAtFlush() throws Exception {
    SocketSettings settings =
        SocketSettings.standard().withCarryAlways(true).withCarryLimit(1_000_000);
    try (Jam jam = new Jam(settings)) {
      CancelScope scope = CancelScope.open("carry");
      scope.run(() -> {
        scope.cancel("cut");
        jam.write(4_000);
        jam.write(6_000);
        Conditions.await("paid", () -> jam.pair.socket().connection().output.owesNothing());
        jam.pair.out().flush();
      });
      jam.jamWithoutTail();
      CancelScope cancelled = CancelScope.open("cancelled");
      cancelled.cancel("cut");
      cancelled.run(() -> jam.fill(CancelledIOException.class, 300_000));
      int carried = jam.pair.socket().connection().output.carried();
      assertTrue(carried > 600_000 && carried <= 900_000, "carried " + carried);
      CancelScope.open("again")
          .run(() -> {
            CancelScope inner = soon();
            assertThrows(CutTimeoutException.class, () -> inner.run(() -> jam.pair.out().flush()));
          });
      jam.assertAllArrives();
    }
  }

  @Test
  void flushWithNothingCarriedNeverThrowsForACut() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("cut");
      scope.run(() -> {
        scope.cancel("cut");
        jam.pair.out().flush();
        assertThrows(CancelledIOException.class, () -> jam.write(1));
      });
      Thread.currentThread().interrupt();
      jam.pair.out().flush();
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void theNativeApiCountsExactlyAndGoesOn() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      CleanStream stream = jam.pair.socket().stream();
      ByteBuffer all = ByteBuffer.wrap(Jam.pattern(0, 16 * 1024 * 1024));
      CancelledIOException cut = jam.cutWhileItWaits(() -> stream.writeFully(all)).orElseThrow();
      assertEquals(all.position(), cut.bytesMoved());
      assertEquals(0, stream.carried());
      FutureTask<Void> rest =
          new FutureTask<>(() -> {
            stream.writeFully(all);
            return null;
          });
      start(rest);
      jam.accepted = all.capacity();
      jam.assertAllArrives();
      rest.get();

      ByteBuffer second = ByteBuffer.allocate(6);
      jam.pair.peerOut().write(new byte[] {1, 2, 3});
      CancelScope reading = CancelScope.open("reading");
      FutureTask<Void> read =
          new FutureTask<>(() -> {
            reading.run(() -> stream.readFully(second));
            return null;
          });
      start(read);
      Conditions.await("three bytes", () -> second.position() == 3);
      reading.cancel("enough");
      Futures.failure(CancelledIOException.class, read);
      assertEquals(3, second.position());
      jam.pair.peerOut().write(new byte[] {4, 5, 6});
      stream.readFully(second);
      assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, second.array());
    }
  }

  @Test
  void writeTellsWhatBecameOfTheBytes() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      CleanStream stream = jam.pair.socket().stream();
      CleanStream.WriteResult whole = stream.write(ByteBuffer.wrap(Jam.pattern(0, 10)));
      assertEquals(new CleanStream.WriteResult(10, 10, 0), whole);
      jam.accepted = 10;
      byte[] large = Jam.pattern(jam.accepted, Jam.JAMMING);
      CleanStream.WriteResult[] cut = new CleanStream.WriteResult[1];
      jam.cutWhileItWaits(() -> cut[0] = stream.write(ByteBuffer.wrap(large)));
      jam.accepted += Jam.JAMMING;
      assertEquals(Jam.JAMMING, cut[0].accepted());
      assertEquals(Jam.JAMMING, cut[0].onWire() + cut[0].carried());
      assertTrue(cut[0].carried() > 0);
      jam.assertAllArrives();
    }
  }

  @Test
  void aCloseInTheMiddleOfAWriteThrowsTheExactCountAndDropsTheRest() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      byte[] all = Jam.pattern(0, 16 * 1024 * 1024);
      FutureTask<Void> write =
          new FutureTask<>(() -> {
            jam.pair.out().write(all);
            return null;
          });
      start(write);
      jam.pair.awaitWriter();
      jam.pair.socket().close();
      CutSocketException cut = Futures.failure(CutSocketException.class, write);
      assertEquals(CutKind.CLOSED, cut.cut().kind());
      jam.accepted = (int) cut.bytesMoved();
      jam.assertAllArrives();
      jam.assertThenEnds();
    }
  }

  @Test
  void lingerZeroDropsTheTail() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE.withCloseLimit(LONG))) {
      jam.jamWithTail();
      jam.pair.socket().setSoLinger(true, 0);
      jam.pair.socket().close();
      Conditions.await("dropped", () -> jam.pair.socket().connection().output.owesNothing());
    }
  }

  /** Also what a write carries that is cut at the moment of the close. */
  @Test
  void lingerZeroDropsTheTailOfAWriteThatHasNotLeft() throws Exception {
    for (int i = 0; i < 30; i++) {
      try (Jam jam = new Jam(Jam.WIDE.withCloseLimit(LONG))) {
        jam.pair.socket().setSoLinger(true, 0);
        CancelScope scope = CancelScope.open("cut and closed");
        FutureTask<Void> write =
            new FutureTask<>(() -> {
              scope.run(() -> jam.write(Jam.JAMMING));
              return null;
            });
        start(write);
        jam.pair.awaitWriter();
        scope.cancel("at the same time");
        jam.pair.socket().close();
        Conditions.await("the write has left", write::isDone);
        assertEquals(0, jam.pair.socket().connection().output.carried());
        assertThrows(SocketException.class, () -> jam.pair.peerIn().readNBytes(Jam.JAMMING));
      }
    }
  }

  /** A deadline and a cancel bound the whole write, also one that never has to wait. */
  @ParameterizedTest
  @EnumSource
  void aWriteThatMovesIsCutToo(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("moving");
      byte[] large = new byte[256 * 1024 * 1024];
      FutureTask<CancelledIOException> write =
          new FutureTask<>(() ->
              assertThrows(
                  CancelledIOException.class, () -> scope.run(() -> pair.out().write(large))));
      kind.start(write);
      byte[] buffer = new byte[1024 * 1024];
      long taken = pair.peerIn().readNBytes(buffer, 0, buffer.length);
      scope.cancel("enough");
      pair.peer().setSoTimeout(20);
      while (!write.isDone() || taken < write.get().bytesMoved()) {
        taken += readWhatComes(pair, buffer);
      }
      long moved = write.get().bytesMoved();
      assertEquals(moved, taken);
      assertTrue(moved < large.length, "the write went on to its end");
    }
  }

  /** Nor is it the kernel's want of room that lets the cut in: the write looks by itself. */
  @Test
  void aWriteThatNeverWaitsIsCutBetweenTwoBytes() throws Exception {
    CancelScope scope = CancelScope.open("moving");
    Transport byteByByte =
        proxy(
            Transport.class,
            (method, values) -> {
              Object made = method.invoke(NioTransport.INSTANCE, values);
              return made instanceof StreamPort port ? takingOneByte(port, scope) : made;
            });
    try (Pair pair = Pair.open(SocketSettings.standard().withTransport(byteByByte))) {
      ByteBuffer source = ByteBuffer.wrap(Jam.pattern(0, 100));
      CancelledIOException cut =
          scope.call(() ->
              assertThrows(
                  CancelledIOException.class, () -> pair.socket().stream().writeFully(source)));
      assertEquals(1, cut.bytesMoved());
      assertEquals(1, source.position());
    }
  }

  private static StreamPort takingOneByte(StreamPort port, CancelScope cutMeanwhile) {
    return proxy(
        StreamPort.class,
        (method, values) -> {
          if (!method.getName().equals("write")) {
            return method.invoke(port, values);
          }
          int written = port.write((byte[]) values[0], (int) values[1], 1);
          cutMeanwhile.cancel("it moves");
          return written;
        });
  }

  @FunctionalInterface
  private interface Step {
    Object by(Method method, Object[] values) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Step step) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (ignored, method, values) -> step.by(method, values)));
  }

  private static int readWhatComes(Pair pair, byte[] buffer) throws IOException {
    try {
      return pair.peerIn().read(buffer);
    } catch (SocketTimeoutException nothing) {
      return 0;
    }
  }

  /** A close, a drop by the garbage collector: the peer must not take a gap for the end. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPoisonedOutputEndsWithAReset(boolean dropped) throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      StreamConnection connection = jam.pair.socket().connection();
      connection.output.poison("to see what follows", null);
      if (dropped) {
        connection.abandon();
      } else {
        jam.pair.socket().close();
      }
      assertThrows(SocketException.class, () -> jam.pair.peerIn().readAllBytes());
    }
  }

  /**
   * A kernel takes a few bytes more of whoever tries though it has not told of room; if that
   * counted, each write of a loop would last a timeout of its own.
   */
  @ParameterizedTest
  @ValueSource(ints = {4_096, 8_192, 65_536})
  void aLoopOfWritesTimesOutOnce(int piece) throws Exception {
    Duration timeout = Duration.ofMillis(300);
    try (Jam jam = new Jam(Jam.WIDE.withWriteTimeout(timeout))) {
      List<Boolean> lasted = new ArrayList<>();
      assertThrows(
          CutTimeoutException.class,
          () -> {
            for (; ; ) {
              long began = System.nanoTime();
              try {
                jam.write(piece);
              } finally {
                lasted.add(System.nanoTime() - began >= timeout.toNanos());
              }
            }
          });
      assertEquals(1, Collections.frequency(lasted, true), "writes that waited for the timeout");
    }
  }

  /** What has timed out once need not time out again for each further piece. */
  @Test
  void carryAlwaysDoesNotWaitForEachWriteAnew() throws Exception {
    SocketSettings settings = Jam.WIDE.withCarryAlways(true);
    try (Jam jam = new Jam(settings.withWriteTimeout(Duration.ofMillis(50)))) {
      jam.write(Jam.JAMMING);
      jam.pair.socket().setWriteTimeout(LONG);
      for (int i = 0; i < 10; i++) {
        jam.write(10);
      }
      CutTimeoutException late =
          assertThrows(CutTimeoutException.class, () -> jam.pair.out().flush());
      assertEquals(Operation.FLUSH, late.cut().call());
      jam.assertAllArrives();
    }
  }

  /**
   * Its status stays set, so the next write is cut: and names the thread that nobody has heard of.
   */
  @Test
  void theInterruptOfAWriteThatCarriedIsNamedByTheNextOne() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      FutureTask<CutOrigin> writes =
          new FutureTask<>(() -> {
            jam.write(Jam.JAMMING);
            CancelledIOException cut = assertThrows(CancelledIOException.class, () -> jam.write(1));
            assertTrue(Thread.interrupted());
            Thread.currentThread().interrupt();
            CancelledIOException other =
                assertThrows(CancelledIOException.class, () -> jam.write(1));
            assertNull(other.cut().origin(), "told once; another one is nobody's");
            return cut.cut().origin();
          });
      Thread writer = ThreadKind.VIRTUAL.start(writes);
      jam.pair.awaitWriter();
      writer.interrupt();
      assertEquals(Thread.currentThread().threadId(), writes.get().threadId());
    }
  }

  @Test
  void urgentDataOnABrokenConnectionFails() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.peer().setSoLinger(true, 0);
      pair.peer().close();
      assertThrows(
          SocketException.class,
          () -> {
            for (; ; ) {
              pair.socket().sendUrgentData(1);
            }
          });
    }
  }

  @Test
  void aSecondWriterWaitsItsTurnAndThatWaitIsCut() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      Callable<Void> large =
          () -> {
            jam.pair.out().write(new byte[32 * 1024 * 1024]);
            return null;
          };
      FutureTask<Void> first = new FutureTask<>(large);
      start(first);
      jam.pair.awaitWriter();
      CutTimeoutException second =
          assertThrows(CutTimeoutException.class, () -> soon().run(() -> jam.pair.out().write(1)));
      assertEquals(0, second.bytesMoved());
      jam.pair.socket().close();
      Futures.failure(CutSocketException.class, first);
    }
  }

  @Test
  void aCallerThatSpinsOnACutIsStopped() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("spun on");
      scope.run(() -> {
        scope.cancel("cut");
        for (int i = 0; i < Direction.SPIN_LIMIT; i++) {
          assertThrows(CancelledIOException.class, () -> jam.pair.in().read());
        }
        CutSocketException hard =
            assertThrows(CutSocketException.class, () -> jam.pair.in().read());
        assertTrue(hard.getMessage().contains("100 times"), hard::getMessage);
      });
      jam.pair.peerOut().write(3);
      assertEquals(3, jam.pair.in().read(), "the guard closes nothing");
      jam.pair.socket().setSoTimeout(1);
      for (int i = 0; i < Direction.SPIN_LIMIT * 2; i++) {
        assertThrows(CutTimeoutException.class, () -> jam.pair.in().read());
      }
    }
  }

  @Test
  void aWriteThatWaitedAndCarriedIsNoSpin() throws Exception {
    SocketSettings settings = Jam.WIDE.withCarryAlways(true);
    try (Jam jam = new Jam(settings)) {
      jam.jamWithTail();
      jam.pair.socket().setWriteTimeout(Duration.ofMillis(1));
      for (int i = 0; i < Direction.SPIN_LIMIT * 2; i++) {
        jam.pair.out().write(i);
        assertThrows(CutTimeoutException.class, () -> jam.pair.out().flush());
      }
    }
  }

  @Test
  void availableIsAPromiseForOneRead() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      jam.pair.peerOut().write(new byte[] {1, 2});
      InputStream in = jam.pair.in();
      Conditions.await("bytes", () -> availableNow(in) == 2);
      CancelScope scope = CancelScope.open("promised");
      scope.run(() -> {
        scope.cancel("cut");
        assertEquals(2, in.available(), "the promise stands");
        assertEquals(1, in.read());
        assertEquals(0, in.available(), "no new promise in a cancelled scope");
        assertThrows(CancelledIOException.class, in::read);
      });
      assertEquals(2, in.read());
    }
  }

  private static int availableNow(InputStream in) {
    try {
      return in.available();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWholeTlsRecordIsNeverThrownBackForACut() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      byte[] record = {23, 3, 3, 0, 2, 42, 43};
      CancelScope scope = CancelScope.open("tls above");
      scope.run(() -> {
        scope.cancel("cut");
        jam.pair.out().write(record);
      });
      assertArrayEquals(record, jam.pair.peerIn().readNBytes(record.length));
    }
  }

  @Test
  void aFlushBehindATlsRecordIsNotCut() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      byte[] record = new byte[64 * 1024];
      record[0] = 23;
      record[1] = 3;
      record[2] = 3;
      record[3] = (byte) ((record.length - 5) >> 8);
      record[4] = (byte) (record.length - 5);
      int[] sent = {0};
      CancelScope scope = soon();
      scope.run(() -> {
        // The cut carries a record; nobody above may be told before the next read.
        while (jam.pair.socket().connection().output.carried() == 0) {
          jam.pair.out().write(record);
          sent[0]++;
        }
        jam.pair.out().flush();
        assertThrows(CutTimeoutException.class, () -> jam.pair.in().read());
      });
      for (int i = 0; i < sent[0]; i++) {
        assertArrayEquals(record, jam.pair.peerIn().readNBytes(record.length));
      }
    }
  }

  @Test
  void nothingIsCarriedBehindAGap() {
    Carry carry = new Carry(new CarryBudget(100));
    assertTrue(carry.take(ByteBuffer.wrap(new byte[3]), 10));
    carry.seal();
    assertTrue(carry.isEmpty());
    assertFalse(carry.take(ByteBuffer.wrap(new byte[1]), 10));
  }

  @Test
  void aCarryThatIsPaidInTheLastMomentPoisonsNothing() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.socket().connection().output.giveUpIfLate(Ticks.NEVER - 1);
      pair.out().write(7);
      assertEquals(7, pair.peerIn().read());
    }
  }

  @Test
  void carriedBytesAreReservedAndGivenBack() throws Exception {
    long before = CarryBudget.PROCESS.reserved();
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      assertTrue(CarryBudget.PROCESS.reserved() > before);
      jam.assertAllArrives();
      // Less than before if a socket of another test was still being closed then.
      Conditions.await("given back", () -> CarryBudget.PROCESS.reserved() <= before);
    }
  }
}
