package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees who interrupts a thread that waits. A selector in name only: between {@code begin} and
 * {@code end} of one, {@link Thread#interrupt} runs its {@code wakeup} in the thread that
 * interrupts, after it has set the status and before it unparks the victim.
 *
 * <p>The interrupt that hits a call may reach its witness late, and must not be taken for one of
 * the next call: see {@link Call#endWatch}.
 */
final class InterruptWitness extends AbstractSelector {
  /**
   * Whoever interrupts is between two statements, and has just woken the thread that asks, which
   * may have taken its processor. Should it get none for so long, it stays unseen.
   */
  static final long MOST_WAIT_NANOS = Duration.ofMillis(10).toNanos();

  /** Null between watches: a call that is kept, and its witness, may outlive the thread by far. */
  private volatile @Nullable Thread watched;

  /** Where the watched thread sleeps, to be woken by an interrupt; null for a park, which is. */
  private volatile @Nullable Readiness asleep;

  private volatile @Nullable CutOrigin seen;

  /** Whether the status, if it is set, was set while nobody watched. */
  private boolean unwatched = true;

  InterruptWitness() {
    super(SelectorProvider.provider());
  }

  void beginWatch(@Nullable Readiness place) {
    asleep = place;
    watched = Thread.currentThread();
    unwatched = false;
    begin();
  }

  /** Ends the watch; true if the status is set, so that whoever has set it may still come here. */
  boolean endWatch() {
    end();
    watched = null;
    boolean interrupted = Thread.currentThread().isInterrupted();
    unwatched |= !interrupted;
    return interrupted;
  }

  /**
   * The thread that interrupted the watched one, whose status is set; null if none was seen. To be
   * asked by the watched thread. A status that was set during the watch was set by one who comes to
   * the hook next.
   */
  @SuppressWarnings("ThreadPriorityCheck") // lets it go on
  @Nullable CutOrigin seen() {
    long until = Ticks.after(Ticks.now(), unwatched ? 0 : MOST_WAIT_NANOS);
    CutOrigin found = seen;
    while (found == null && Ticks.now() < until) {
      Thread.yield();
      found = seen;
    }
    return found;
  }

  /** Runs in the thread that interrupts; in the watched one, if its status was set before. */
  @Override
  public Selector wakeup() {
    if (Thread.currentThread() == watched) {
      unwatched = true;
    } else if (seen == null) {
      seen = CutOrigin.here(CutKind.INTERRUPTED.text());
    }
    Readiness place = asleep;
    if (place != null) {
      place.wake();
    }
    return this;
  }

  // ---- what it has in name only

  @Override
  protected void implCloseSelector() {}

  @Override
  protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SelectionKey> keys() {
    return Set.of();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    return Set.of();
  }

  @Override
  public int selectNow() {
    return 0;
  }

  @Override
  public int select(long timeout) {
    return 0;
  }

  @Override
  public int select() {
    return 0;
  }
}
