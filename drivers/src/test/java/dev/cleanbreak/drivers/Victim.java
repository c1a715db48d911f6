package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cleanbreak.CancelScope;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Something that runs on a thread of its own in a scope, so that both can be cut. */
final class Victim {
  final CancelScope scope = CancelScope.open("request 4711");
  private final Thread thread;
  private volatile @Nullable Throwable thrown;
  private volatile @Nullable Object returned;
  private volatile boolean interrupted;

  Victim(ThreadKind kind, Callable<?> body) {
    thread =
        kind.start(() -> {
          try {
            returned = scope.call(body::call);
          } catch (Throwable e) {
            thrown = e;
          }
          interrupted = Thread.interrupted();
        });
  }

  void cut(Cutter cutter) {
    cutter.cut(scope, thread);
  }

  /** Whether it sleeps inside a call of ours. */
  boolean isWaiting() {
    return Rig.isWaitingInCleanbreak(thread);
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** What the body threw; null if it returned. */
  @Nullable Throwable ended() throws InterruptedException {
    boolean inTime = thread.join(Duration.ofSeconds(20));
    if (!inTime) {
      AssertionError stuck = new AssertionError("still runs");
      stuck.setStackTrace(thread.getStackTrace());
      throw stuck;
    }
    return thrown;
  }

  @Nullable Object returned() throws InterruptedException {
    Throwable failure = ended();
    if (failure != null) {
      throw new AssertionError(failure);
    }
    return returned;
  }

  /** Whether the thread was left with its interrupt status set. */
  boolean wasInterrupted() {
    assertFalse(thread.isAlive());
    return interrupted;
  }
}
