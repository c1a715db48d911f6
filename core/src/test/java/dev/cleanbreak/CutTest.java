package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One row of the contract each: what cuts a call, on both kinds of threads, and what is left. */
@Timeout(30)
class CutTest {
  @ParameterizedTest
  @EnumSource
  void cancelCutsAReadAndKeepsTheSocket(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("job");
      FutureTask<Integer> read = new FutureTask<>(() -> scope.call(() -> pair.in().read()));
      kind.start(read);
      pair.awaitReader();
      assertTrue(scope.cancel("enough"));

      CancelledIOException cut = Futures.failure(CancelledIOException.class, read);
      assertEquals(CutKind.CANCELLED, cut.cut().kind());
      assertEquals("enough", cut.cut().reason());
      assertEquals(Thread.currentThread().threadId(), assertNotNullOrigin(cut).threadId());
      assertTrue(cut.getMessage().contains("read cancelled (scope \"job\"): enough"));
      pair.peerOut().write(42);
      assertEquals(42, pair.in().read());
    }
  }

  private static CutOrigin assertNotNullOrigin(CutException cut) {
    CutOrigin origin = cut.cut().origin();
    assertNotNull(origin);
    return origin;
  }

  @ParameterizedTest
  @EnumSource
  void deadlineCutsARead(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Integer> read =
          new FutureTask<>(
              () -> CancelScope.within(Duration.ofMillis(50)).call(() -> pair.in().read()));
      long began = System.nanoTime();
      kind.start(read);
      CutTimeoutException cut = Futures.failure(CutTimeoutException.class, read);
      assertEquals(CutKind.DEADLINE, cut.cut().kind());
      assertTrue(System.nanoTime() - began >= Duration.ofMillis(50).toNanos(), "early");
      assertTrue(cut.cut().waited().isPositive());
      pair.peerOut().write(42);
      assertEquals(42, pair.in().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void readTimeoutCutsARead(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.socket().setSoTimeout(50);
      FutureTask<Integer> read = new FutureTask<>(() -> pair.in().read());
      kind.start(read);
      CutTimeoutException cut = Futures.failure(CutTimeoutException.class, read);
      assertEquals(CutKind.TIMEOUT, cut.cut().kind());
      pair.peerOut().write(42);
      assertEquals(42, pair.in().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptCutsAReadAndKeepsStatusAndSocket(ThreadKind kind) throws Exception {
    Thread interrupter = Thread.currentThread();
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Boolean> read =
          new FutureTask<>(() -> {
            CancelledIOException cut =
                assertThrows(CancelledIOException.class, () -> pair.in().read());
            assertEquals(CutKind.INTERRUPTED, cut.cut().kind());
            if (kind == ThreadKind.VIRTUAL || Transports.standard() != NioTransport.INSTANCE) {
              assertEquals(interrupter.threadId(), assertNotNullOrigin(cut).threadId());
            } else {
              assertNull(cut.cut().origin(), "a selector does not show who interrupts");
              assertTrue(cut.getMessage().contains("by an unknown thread (the wait"));
            }
            return Thread.interrupted();
          });
      Thread reader = kind.start(read);
      pair.awaitReader();
      reader.interrupt();
      assertTrue(read.get(), "the status stays set");
      pair.peerOut().write(42);
      assertEquals(42, pair.in().read());
    }
  }

  /** Nobody was watched when it came: who it was is not guessed. */
  @ParameterizedTest
  @EnumSource
  void anInterruptBeforeTheCallIsNobodys(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Boolean> read =
          new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            CancelledIOException cut =
                assertThrows(CancelledIOException.class, () -> pair.in().read());
            assertNull(cut.cut().origin());
            assertTrue(cut.getMessage().contains("by an unknown thread, before this call"));
            return Thread.interrupted();
          });
      kind.start(read);
      assertTrue(read.get(), "the status stays set");
    }
  }

  /** Whoever interrupted one call is not named by the next call of the same thread. */
  @Test
  void everyInterruptNamesTheThreadItCameFrom() throws Exception {
    try (Pair first = Pair.open(SocketSettings.standard());
        Pair second = Pair.open(SocketSettings.standard())) {
      FutureTask<List<Long>> reads =
          new FutureTask<>(() -> List.of(readInterrupted(first), readInterrupted(second)));
      Thread reader = ThreadKind.VIRTUAL.start(reads);
      first.awaitReader();
      Thread one = ThreadKind.PLATFORM.start(reader::interrupt);
      second.awaitReader();
      Thread other = ThreadKind.PLATFORM.start(reader::interrupt);
      assertEquals(List.of(one.threadId(), other.threadId()), reads.get());
    }
  }

  private static long readInterrupted(Pair pair) {
    CancelledIOException cut = assertThrows(CancelledIOException.class, () -> pair.in().read());
    assertTrue(Thread.interrupted());
    return assertNotNullOrigin(cut).threadId();
  }

  @ParameterizedTest
  @EnumSource
  void closeNamesTheCloser(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Integer> read = new FutureTask<>(() -> pair.in().read());
      kind.start(read);
      pair.awaitReader();
      pair.socket().close();
      CutSocketException cut = Futures.failure(CutSocketException.class, read);
      assertEquals(CutKind.CLOSED, cut.cut().kind());
      assertInstanceOf(CutOrigin.class, cut.getCause());
      SocketException later = assertThrows(SocketException.class, () -> pair.in().read());
      assertInstanceOf(CutOrigin.class, later.getCause());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCutWriteCarriesItsTailAndNothingIsLost(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      byte[] chunk = new byte[64 * 1024];
      for (int i = 0; i < chunk.length; i++) {
        chunk[i] = (byte) (i * 31);
      }
      CancelScope scope = CancelScope.open("jam");
      int[] accepted = {0};
      FutureTask<IOException> writes =
          new FutureTask<>(() ->
              scope.call(() -> {
                for (; ; ) {
                  try {
                    pair.out().write(chunk);
                    accepted[0]++;
                  } catch (CancelledIOException e) {
                    return e;
                  }
                }
              }));
      kind.start(writes);
      pair.awaitWriter();
      scope.cancel("jammed");
      CancelledIOException cut = assertInstanceOf(CancelledIOException.class, writes.get());
      assertEquals(0, cut.bytesMoved());
      assertFalse(pair.socket().isClosed());
      for (int i = 0; i < accepted[0]; i++) {
        assertArrayEquals(chunk, pair.peerIn().readNBytes(chunk.length));
      }
      pair.out().write(7);
      assertEquals(7, pair.peerIn().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void writeTimeoutCutsAJammedWrite(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      pair.socket().setWriteTimeout(Duration.ofMillis(100));
      FutureTask<Void> writes =
          new FutureTask<>(() -> {
            byte[] large = new byte[8 * 1024 * 1024];
            pair.out().write(large);
            return null;
          });
      kind.start(writes);
      CutTimeoutException cut = Futures.failure(CutTimeoutException.class, writes);
      assertTrue(cut.bytesMoved() > 0);
      assertEquals(cut.bytesMoved(), cut.bytesTransferred);
      assertEquals(cut.bytesMoved(), pair.peerIn().readNBytes((int) cut.bytesMoved()).length);
    }
  }
}
