package dev.cleanbreak.races.oracle;

import dev.cleanbreak.spi.Readiness;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One connection as the fault transport sees it: a gate for each direction. */
final class Link {
  private final List<Runnable> wakers = new CopyOnWriteArrayList<>();
  private final CountDownLatch freed = new CountDownLatch(1);

  /** What the peer sends. */
  final Gate in = new Gate(this::wake);

  /** What is sent to the peer. */
  final Gate out = new Gate(this::wake);

  void onOpen(Runnable waker) {
    wakers.add(waker);
  }

  private void wake() {
    wakers.forEach(Runnable::run);
  }

  /** The gate whose jam a wait for {@code interest} has met; null if none. */
  @Nullable Gate jam(int interest) {
    if ((interest & Readiness.READ) != 0 && in.isJammed()) {
      return in;
    }
    return (interest & Readiness.WRITE) != 0 && out.isJammed() ? out : null;
  }

  /** What of {@code interest} the link can serve: a jammed direction never becomes ready. */
  int served(int interest) {
    int served = interest;
    if (in.isJammed()) {
      served &= ~Readiness.READ;
    }
    if (out.isJammed()) {
      served &= ~Readiness.WRITE;
    }
    return served;
  }

  void free() {
    freed.countDown();
  }

  /** Counts down when the port is given back. */
  CountDownLatch freed() {
    return freed;
  }
}
