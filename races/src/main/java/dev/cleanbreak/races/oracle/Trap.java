package dev.cleanbreak.races.oracle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One cut, set to land at one moment.
 *
 * <pre>
 *   SET ---- its moment comes ----&gt; SPRUNG
 *
 *   No-ops: every other moment; its own moment a second time.
 * </pre>
 */
final class Trap {
  private final Moment moment;
  private final Runnable cut;
  private final Executor elsewhere;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile boolean sprung;

  /**
   * @param elsewhere runs the cut of a call that sleeps; every other cut is made by the thread that
   *     meets it, which is what makes the moment exact
   */
  Trap(Moment moment, Runnable cut, Executor elsewhere) {
    this.moment = moment;
    this.cut = cut;
    this.elsewhere = elsewhere;
  }

  boolean isSprung() {
    return sprung;
  }

  /** Whether this trap still waits for {@code now}. */
  boolean awaits(Moment now) {
    return moment == now && !sprung;
  }

  void spring(Moment now) {
    if (!awaits(now)) {
      return;
    }
    sprung = true;
    if (moment == Moment.ASLEEP) {
      elsewhere.execute(this::fire);
    } else {
      fire();
    }
  }

  private void fire() {
    try {
      cut.run();
      done.complete(null);
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }

  /** Returns once the cut has been made, so that it cannot reach into what comes next. */
  void join() {
    if (sprung) {
      done.join();
    }
  }
}
