package dev.cleanbreak;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where virtual threads park for one channel, at most one in each direction. */
final class NioParking {
  private final NioPoller poller;
  private final SelectionKey key;
  private final List<NioReadiness> places = new CopyOnWriteArrayList<>();

  NioParking(NioPoller poller, SelectionKey key) {
    this.poller = poller;
    this.key = key;
    key.attach(this);
  }

  void add(NioReadiness place) {
    places.add(place);
  }

  void remove(NioReadiness place) {
    places.remove(place);
  }

  /**
   * Asks the poller to tell, once, when the channel is ready for {@code interest}. Whoever asks has
   * said so at its place before; the poller takes the request back and then looks there. So it sees
   * whoever asked before, and whoever asks after it is asked for anew.
   */
  void ask(int interest) {
    if ((key.interestOpsOr(interest) & interest) != interest) {
      poller.wake();
    }
  }

  /**
   * Takes a request back that was not met: else bytes that somebody reads without waiting would
   * wake the poller, which finds them gone, again and again. The poller hears of it at its next
   * look.
   */
  void withdraw(int interest) {
    try {
      key.interestOpsAnd(~interest);
    } catch (CancelledKeyException ignored) {
      // Closed: nothing is asked of it any more.
    }
  }

  /** By the poller: the channel is ready. */
  void ready(int operations) {
    for (NioReadiness each : places) {
      each.ready(operations);
    }
  }

  void release(SelectableChannel closed, long nanos) {
    poller.release(closed, nanos);
  }
}
