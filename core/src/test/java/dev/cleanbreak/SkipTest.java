package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A skip is one call: cut before its first byte, or not at all as far as its caller can see. */
@Timeout(60)
class SkipTest {
  private static final int ARRIVED = 50_000;

  private static Pair withBytes() throws Exception {
    Pair pair = Pair.open(SocketSettings.standard());
    pair.peerOut().write(Jam.pattern(0, ARRIVED));
    pair.awaitAvailable(ARRIVED);
    return pair;
  }

  @ParameterizedTest
  @EnumSource
  void aPromiseCoversOneSkip(ThreadKind kind) throws Exception {
    try (Pair pair = withBytes()) {
      CancelScope scope = CancelScope.open("cancelled after the promise");
      FutureTask<Long> skip =
          new FutureTask<>(() ->
              scope.call(() -> {
                assertEquals(ARRIVED, pair.in().available());
                scope.cancel("now");
                return pair.in().skip(ARRIVED);
              }));
      kind.start(skip);
      assertEquals(ARRIVED, skip.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSkipThatIsCutTellsHowFarItCame(ThreadKind kind) throws Exception {
    try (Pair pair = withBytes()) {
      CancelScope scope = CancelScope.open("cancelled in the middle");
      FutureTask<Long> skip = new FutureTask<>(() -> scope.call(() -> pair.in().skip(2 * ARRIVED)));
      kind.start(skip);
      pair.awaitReader();
      scope.cancel("enough");
      assertEquals(ARRIVED, skip.get());
      pair.peerOut().write(7);
      assertEquals(7, pair.in().read());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSkipOfNothingThatCameIsCut(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("cancelled");
      FutureTask<Long> skip = new FutureTask<>(() -> scope.call(() -> pair.in().skip(10)));
      kind.start(skip);
      pair.awaitReader();
      scope.cancel("enough");
      Futures.failure(CancelledIOException.class, skip);
      pair.peerOut().write(new byte[] {1, 2, 3});
      assertEquals(2, pair.in().skip(2));
      assertEquals(3, pair.in().read());
      pair.peer().shutdownOutput();
      assertEquals(0, pair.in().skip(5), "at the end");
    }
  }

  @ParameterizedTest
  @EnumSource
  void underTlsToo(TlsCase tls) throws Exception {
    try (TlsPair pair = TlsPair.open(tls).handshaken()) {
      pair.peer().getOutputStream().write(Jam.pattern(0, ARRIVED));
      InputStream in = pair.in();
      assertEquals(Jam.pattern(0, 1)[0], (byte) in.read(), "the first record is there");
      CancelScope scope = CancelScope.open("cancelled in the middle");
      FutureTask<Long> skip = new FutureTask<>(() -> scope.call(() -> in.skip(2 * ARRIVED)));
      ThreadKind.VIRTUAL.start(skip);
      pair.awaitReader();
      scope.cancel("enough");
      long skipped = skip.get();
      assertTrue(skipped > 0);
      in.skipNBytes(ARRIVED - 1 - skipped);
      pair.peer().getOutputStream().write(9);
      assertEquals(9, in.read());
      CancelScope again = CancelScope.open("cancelled");
      again.cancel("before");
      again.run(() -> assertThrows(CancelledIOException.class, () -> in.skip(1)));
    }
  }
}
