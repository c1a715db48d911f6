package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** A sender whose peer does not read, and the count of what its writes accepted. */
final class Jam implements AutoCloseable {
  /** More than the kernel buffers of a narrow pair hold. */
  static final int JAMMING = 2 * 1024 * 1024;

  /** Room for the tail of a write that no kernel buffer of these tests can hold. */
  static final SocketSettings WIDE = SocketSettings.standard().withCarryLimit(JAMMING);

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
    assertTrue(cutWhileItWaits(() -> write(JAMMING)).isEmpty());
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
    ThreadKind.PLATFORM.start(task);
    pair.awaitWriter();
    scope.cancel("it waits");
    return task.get();
  }

  /** Writes until the kernel takes no more, and carries nothing. */
  void jamWithoutTail() throws Exception {
    ByteBuffer all = ByteBuffer.wrap(pattern(accepted, JAMMING));
    CleanStream stream = pair.socket().stream();
    cutWhileItWaits(() -> stream.writeFully(all)).orElseThrow();
    accepted += all.position();
  }

  /**
   * The peer takes what was accepted in pieces: each opens the window, so that the gaps are short,
   * and the whole lasts longer than {@code timeout}.
   */
  void takeSlowly(int size, Duration timeout) throws IOException {
    int piece = size / 100;
    // A writer that was cut sends no more.
    pair.peer().setSoTimeout(20_000);
    for (int taken = 0; taken + piece <= size; taken += piece) {
      assertEquals(piece, pair.peerIn().readNBytes(piece).length);
      LockSupport.parkNanos(timeout.dividedBy(50).toNanos());
    }
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

  /** The bytes from place {@code from} on: others at every place that a mistake may lead to. */
  static byte[] pattern(int from, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      int at = from + i;
      bytes[i] = (byte) (at ^ at >> 8 ^ at >> 16);
    }
    return bytes;
  }
}
