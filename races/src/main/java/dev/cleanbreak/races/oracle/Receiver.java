package dev.cleanbreak.races.oracle;

import java.io.IOException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The peer takes a message: all of it, or what comes before the connection ends. */
final class Receiver {
  private final Rig rig;
  private final byte[] bytes;
  private final @Nullable Future<?> running;
  private int count;
  private @Nullable IOException end;

  /** Begins beside us if the buffers do not hold the message. */
  Receiver(Rig rig, int expected) {
    this.rig = rig;
    this.bytes = new byte[expected];
    this.running = Rig.overflows(expected) ? rig.onPeer(this::receive) : null;
  }

  private void receive() {
    try {
      int n;
      while (count < bytes.length
          && (n = rig.peerIn().read(bytes, count, bytes.length - count)) >= 0) {
        count += n;
      }
    } catch (IOException e) {
      end = e;
    }
  }

  private void join() {
    if (running == null) {
      receive();
    } else {
      Rig.await(running);
    }
  }

  /** Fails unless exactly {@code expected} has come. */
  void requireAll(byte[] expected) {
    join();
    IOException early = end;
    if (early != null) {
      throw new Broken("the peer has " + count + " of " + expected.length + " bytes", early);
    }
    Message.requireAll(expected, bytes, count, "the peer");
  }

  /** Fails unless what has come before the connection ended is a prefix; returns its length. */
  int requirePrefix(byte[] expected) {
    join();
    Message.requirePrefix(expected, bytes, count, "the peer");
    return count;
  }
}
