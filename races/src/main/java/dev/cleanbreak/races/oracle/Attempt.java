package dev.cleanbreak.races.oracle;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import dev.cleanbreak.CutTimeoutException;
import dev.cleanbreak.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * One cell as it is run: the scope that is cut, the cut, and the trap that makes it. Runs in the
 * victim's thread.
 */
final class Attempt {
  /** What a cut by the clock waits; the clock is not what is tested here. */
  private static final Duration SOON = Duration.ofMillis(1);

  /** How many bytes of the next message follow the one that is cut. */
  static final int TRAILER = 8;

  private final Cell cell;
  private final Rig rig;
  private final Thread victim = Thread.currentThread();
  private final CancelScope scope = CancelScope.open("oracle");
  private final Trap trap;
  private final byte[] data;

  Attempt(Cell cell, Rig rig, long seed, ExecutorService cutter) {
    this.cell = cell;
    this.rig = rig;
    this.trap = new Trap(cell.moment(), this::cut, cutter);
    this.data = Message.of(new SplittableRandom(seed ^ cell.hashOfId()), cell.length(), TRAILER);
  }

  Cell cell() {
    return cell;
  }

  Rig rig() {
    return rig;
  }

  Trap trap() {
    return trap;
  }

  /** The message and its trailer. */
  byte[] data() {
    return data;
  }

  private void cut() {
    switch (cell.way()) {
      case CANCEL -> scope.cancel("cut by the oracle");
      case DEADLINE ->
          scope.setDeadline(Deadline.after(cell.moment() == Moment.ASLEEP ? SOON : Duration.ZERO));
      case TIMEOUT -> timeouts(SOON);
      case INTERRUPT -> victim.interrupt();
      case CLOSE -> rig.socket().close();
    }
  }

  private void timeouts(Duration timeout) {
    try {
      if (cell.layer().cutsWrites()) {
        rig.socket().setWriteTimeout(timeout);
      } else {
        rig.socket().setReadTimeout(timeout);
      }
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an application does; throws when it is cut. */
  interface Work {
    void run() throws IOException;
  }

  /**
   * Does {@code work} in the scope that is cut, and leaves the scope.
   *
   * @return what was thrown; null if nothing was
   */
  @Nullable IOException inCutScope(Work work) {
    IOException thrown =
        scope.call(() -> {
          if (cell.moment() == Moment.ENTRY) {
            trap.spring(Moment.ENTRY);
          }
          try {
            work.run();
            return null;
          } catch (IOException e) {
            return e;
          }
        });
    trap.join();
    boolean interrupted = Thread.interrupted();
    Broken.unless(
        trap.isSprung(), "byte " + cell.offset() + " was never reached, so nothing was cut");
    Broken.unless(
        interrupted == (cell.way() == Way.INTERRUPT),
        interrupted ? "a stray interrupt status" : "the interrupt status was lost");
    if (cell.way() != Way.CLOSE && rig.socket().isClosed()) {
      throw new Broken("the cut has closed the socket; thrown was", thrown);
    }
    if (cell.way() == Way.TIMEOUT) {
      timeouts(Duration.ZERO);
    }
    if (thrown != null) {
      check(thrown);
    }
    return thrown;
  }

  private void check(IOException thrown) {
    if (cell.way() == Way.CLOSE) {
      Broken.unless(
          rig.isSecure() || thrown instanceof SocketException, "a close was told as " + thrown);
    } else if (thrown instanceof CutException cut) {
      Broken.unless(
          cut.cut().kind() == cell.way().kind(), "the cut was told as " + cut.cut().kind());
    } else if (!isPoison(thrown)) {
      throw new Broken("the cut was told as", thrown);
    }
  }

  /** Whether the cut has been made and reaches every call from now on. */
  boolean isCutForGood() {
    return cell.way().stands() && trap.isSprung();
  }

  /** Does {@code work} outside the scope, with a limit against hanging. */
  void afterwards(Work work) throws IOException {
    CancelScope.within(Rig.GUARD).run(work::run);
  }

  /**
   * As {@link #afterwards}. A timeout that a write has carried surfaces once more, at the next call
   * that sends, and moves nothing: then {@code work} is done again.
   */
  void afterwardsDespiteTheTimeout(Work work) throws IOException {
    try {
      afterwards(work);
    } catch (CutTimeoutException standing) {
      if (cell.way() != Way.TIMEOUT
          || standing.cut().kind() != CutKind.TIMEOUT
          || standing.bytesMoved() != 0) {
        throw standing;
      }
      afterwards(work);
    }
  }

  /** How many bytes a throw says that its call has moved. */
  static int moved(IOException thrown) {
    return thrown instanceof CutException cut ? Math.toIntExact(cut.bytesMoved()) : 0;
  }

  /** Whether the socket says that accepted bytes were lost. */
  static boolean isPoison(@Nullable Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SocketException && String.valueOf(each.getMessage()).contains("poison")) {
        return true;
      }
    }
    return false;
  }
}
