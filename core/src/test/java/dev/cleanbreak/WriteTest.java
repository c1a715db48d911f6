package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes, in full: what a jammed peer makes of the promises about writes. */
@Timeout(60)
class WriteTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final int TWO_MIB = 2 * 1024 * 1024;

  /** Room for the tail of a write that no kernel buffer of these tests can hold. */
  private static final SocketSettings WIDE = SocketSettings.standard().withCarryLimit(TWO_MIB);

  /** A sender whose peer does not read, and the count of what its writes accepted. */
  private static final class Jam implements AutoCloseable {
    final Pair pair;
    int accepted;

    Jam(SocketSettings settings) throws IOException {
      pair = Pair.openNarrow(settings);
    }

    /** Writes a pattern that goes on from write to write, as large as asked. */
    void write(int size) throws IOException {
      pair.out().write(pattern(accepted, size));
      accepted += size;
    }

    /** Writes pieces until one is cut; the thrown cut has moved nothing. */
    <X extends Throwable> X fill(Class<X> cut, int piece) {
      return assertThrows(
          cut,
          () -> {
            for (; ; ) {
              write(piece);
            }
          });
    }

    /** One write that is cut in its middle: the kernel has its head, the carry its tail. */
    void jamWithTail() throws Exception {
      assertTrue(cutWhileItWaits(() -> write(TWO_MIB)).isEmpty());
      assertTrue(pair.socket().connection().output.carried() > 0);
    }

    /** Runs {@code body} until its write waits and cuts it then; returns what it threw. */
    Optional<CancelledIOException> cutWhileItWaits(CancelScope.Body<IOException> body)
        throws Exception {
      CancelScope scope = CancelScope.open("cut while it waits");
      FutureTask<Optional<CancelledIOException>> task =
          new FutureTask<>(() -> {
            try {
              scope.run(body);
              return Optional.empty();
            } catch (CancelledIOException cut) {
              return Optional.of(cut);
            }
          });
      start(task);
      pair.awaitWriter();
      scope.cancel("it waits");
      return task.get();
    }

    /** Writes until the kernel takes no more, and carries nothing. */
    void jamWithoutTail() throws Exception {
      ByteBuffer all = ByteBuffer.wrap(pattern(accepted, TWO_MIB));
      CleanStream stream = pair.socket().stream();
      cutWhileItWaits(() -> stream.writeFully(all)).orElseThrow();
      accepted += all.position();
    }

    /** The peer reads everything that was accepted, and it is right. */
    void assertAllArrives() throws IOException {
      assertArrayEquals(pattern(0, accepted), pair.peerIn().readNBytes(accepted));
    }

    void assertThenEnds() throws IOException {
      assertEquals(-1, pair.peerIn().read());
    }

    @Override
    public void close() throws IOException {
      pair.close();
    }
  }

  private static byte[] pattern(int from, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      int at = from + i;
      bytes[i] = (byte) (at ^ at >> 8 ^ at >> 16);
    }
    return bytes;
  }

  private static CancelScope soon() {
    return CancelScope.within(Duration.ofMillis(30));
  }

  private static Thread start(FutureTask<?> task) {
    return ThreadKind.PLATFORM.start(task);
  }

  @Test
  void theDrainerPaysThoughNobodyCallsAgain() throws Exception {
    try (Jam jam = new Jam(WIDE)) {
      jam.jamWithTail();
      jam.assertAllArrives();
      Conditions.await(
          "the carry is empty", () -> jam.pair.socket().connection().output.owesNothing());
    }
  }

  @Test
  void aCutWriteFollowedByAReadDoesNotDeadlock() throws Exception {
    try (Jam jam = new Jam(WIDE)) {
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
    try (Jam jam = new Jam(WIDE.withCloseLimit(LONG))) {
      jam.jamWithTail();
      jam.pair.socket().close();
      jam.assertAllArrives();
      jam.assertThenEnds();
    }
  }

  @Test
  void shutdownOutputSendsTheEndBehindTheTail() throws Exception {
    try (Jam jam = new Jam(WIDE)) {
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
    try (Jam jam = new Jam(WIDE.withCloseLimit(Duration.ofMillis(20)))) {
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
    try (Jam jam = new Jam(WIDE)) {
      jam.jamWithTail();
      jam.pair.socket().abort();
      InputStream in = jam.pair.peerIn();
      byte[] buffer = new byte[64 * 1024];
      int seen = 0;
      try {
        for (int n; (n = in.read(buffer)) >= 0; ) {
          assertArrayEquals(pattern(seen, n), Arrays.copyOf(buffer, n));
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
    try (Jam jam = new Jam(WIDE.withCarryTimeout(Duration.ofMillis(50)))) {
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
    try (Jam jam = new Jam(WIDE.withWriteTimeout(Duration.ofMillis(300)))) {
      jam.write(TWO_MIB);
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
      assertArrayEquals(pattern(0, TWO_MIB + 1), jam.pair.peerIn().readNBytes(TWO_MIB + 1));
      again.get();
    }
  }

  @Test
  void aTimeoutThatAWriteCarriedIsOverOnceThePeerTakesOn() throws Exception {
    try (Jam jam = new Jam(WIDE.withWriteTimeout(Duration.ofMillis(300)))) {
      jam.write(TWO_MIB);
      jam.pair.socket().setWriteTimeout(LONG);
      int carried = jam.pair.socket().connection().output.carried();
      assertTrue(carried > 0);
      byte[] head = jam.pair.peerIn().readNBytes(TWO_MIB - carried);
      assertArrayEquals(pattern(0, head.length), head);
      Conditions.await(
          "the peer takes on", () -> jam.pair.socket().connection().output.carried() < carried);
      FutureTask<byte[]> rest = new FutureTask<>(() -> jam.pair.peerIn().readNBytes(carried + 1));
      start(rest);
      jam.write(1);
      assertArrayEquals(pattern(head.length, carried + 1), rest.get());
    }
  }

  @Test
  void aTailThatDoesNotFitIsThrownWithTheExactCount() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard().withCarryLimit(100))) {
      byte[] all = pattern(0, 16 * 1024 * 1024);
      CancelledIOException cut = jam.cutWhileItWaits(() -> jam.pair.out().write(all)).orElseThrow();
      int sent = (int) cut.bytesMoved();
      assertTrue(sent > 0 && sent < all.length);
      assertEquals(sent, cut.bytesTransferred);
      assertArrayEquals(pattern(0, sent), jam.pair.peerIn().readNBytes(sent));
      FutureTask<Void> rest =
          new FutureTask<>(() -> {
            jam.pair.out().write(all, sent, all.length - sent);
            return null;
          });
      start(rest);
      assertArrayEquals(
          pattern(sent, all.length - sent), jam.pair.peerIn().readNBytes(all.length - sent));
      rest.get();
    }
  }

  /** The tail that the first one leaves behind must not die of the same timeout. */
  @Test
  void aWriteThatTimedOutCanBeRepeatedWhenTheJamIsCleared() throws Exception {
    try (Jam jam = new Jam(WIDE.withWriteTimeout(Duration.ofMillis(20)))) {
      jam.write(TWO_MIB);
      for (int i = 0; i < 5; i++) {
        assertThrows(CutTimeoutException.class, () -> jam.write(1));
      }
      jam.pair.socket().setWriteTimeout(Duration.ZERO);
      jam.assertAllArrives();
      jam.write(1);
      assertEquals(pattern(TWO_MIB, 1)[0], (byte) jam.pair.peerIn().read());
    }
  }

  /** What the kernel takes of the carry, whoever offers it, is progress of the write behind it. */
  @Test
  void aWriteBehindACarryThatMovesDoesNotTimeOut() throws Exception {
    Duration timeout = Duration.ofSeconds(1);
    try (Jam jam = new Jam(WIDE)) {
      jam.jamWithTail();
      jam.pair.socket().setWriteTimeout(timeout);
      FutureTask<Boolean> write =
          new FutureTask<>(() -> {
            jam.pair.out().write(1);
            return true;
          });
      start(write);
      // Each piece opens the window: the gaps are short, the whole is longer than the timeout.
      int piece = jam.accepted / 100;
      for (int read = 0; read + piece < jam.accepted; read += piece) {
        assertEquals(piece, jam.pair.peerIn().readNBytes(piece).length);
        LockSupport.parkNanos(timeout.dividedBy(40).toNanos());
      }
      assertTrue(write.get());
    }
  }

  @Test
  void aWriteTimeoutCountsFromTheLastByteTheKernelTook() throws Exception {
    SocketSettings settings = SocketSettings.standard().withWriteTimeout(Duration.ofSeconds(10));
    try (Jam jam = new Jam(settings)) {
      byte[] large = pattern(0, 24 * 1024 * 1024);
      FutureTask<Void> write =
          new FutureTask<>(() -> {
            jam.pair.out().write(large);
            return null;
          });
      start(write);
      assertArrayEquals(large, jam.pair.peerIn().readNBytes(large.length));
      write.get();
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
      ByteBuffer all = ByteBuffer.wrap(pattern(0, 16 * 1024 * 1024));
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
    try (Jam jam = new Jam(WIDE)) {
      CleanStream stream = jam.pair.socket().stream();
      CleanStream.WriteResult whole = stream.write(ByteBuffer.wrap(pattern(0, 10)));
      assertEquals(new CleanStream.WriteResult(10, 10, 0), whole);
      jam.accepted = 10;
      byte[] large = pattern(jam.accepted, TWO_MIB);
      CleanStream.WriteResult[] cut = new CleanStream.WriteResult[1];
      jam.cutWhileItWaits(() -> cut[0] = stream.write(ByteBuffer.wrap(large)));
      jam.accepted += TWO_MIB;
      assertEquals(TWO_MIB, cut[0].accepted());
      assertEquals(TWO_MIB, cut[0].onWire() + cut[0].carried());
      assertTrue(cut[0].carried() > 0);
      jam.assertAllArrives();
    }
  }

  @Test
  void aCloseInTheMiddleOfAWriteThrowsTheExactCountAndDropsTheRest() throws Exception {
    try (Jam jam = new Jam(SocketSettings.standard())) {
      byte[] all = pattern(0, 16 * 1024 * 1024);
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
    try (Jam jam = new Jam(WIDE.withCloseLimit(LONG))) {
      jam.jamWithTail();
      jam.pair.socket().setSoLinger(true, 0);
      jam.pair.socket().close();
      Conditions.await("dropped", () -> jam.pair.socket().connection().output.owesNothing());
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
    try (Jam jam = new Jam(WIDE)) {
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
    try (Jam jam = new Jam(WIDE)) {
      jam.jamWithTail();
      assertTrue(CarryBudget.PROCESS.reserved() > before);
      jam.assertAllArrives();
      Conditions.await("given back", () -> CarryBudget.PROCESS.reserved() == before);
    }
  }
}
