package dev.cleanbreak;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees who interrupts a thread that waits. A selector in name only: between {@code begin} and
 * {@code end} of one, {@link Thread#interrupt} runs its {@code wakeup} in the thread that
 * interrupts, after it has set the status and before it unparks the victim.
 *
 * <p>For one call only: the interrupt that hits a call may reach its witness late, and must not be
 * taken for one of the next call.
 */
final class InterruptWitness extends AbstractSelector {
  private final Thread watched = Thread.currentThread();
  private volatile @Nullable CutOrigin seen;

  InterruptWitness() {
    super(SelectorProvider.provider());
  }

  void beginWatch() {
    begin();
  }

  void endWatch() {
    end();
  }

  /** The thread that interrupted; null if none was seen. */
  @Nullable CutOrigin seen() {
    return seen;
  }

  /** Runs in the thread that interrupts; in the watched one, if its status was set before. */
  @Override
  public Selector wakeup() {
    if (seen == null && Thread.currentThread() != watched) {
      seen = CutOrigin.here(CutKind.INTERRUPTED.text());
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
