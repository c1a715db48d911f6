package dev.cleanbreak.races.oracle;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A write is cut, its tail is carried, and the socket is closed. Either the link opens, and the
 * peer gets all of it and then the end; or it never does, and the close gives the descriptor back
 * all the same, the peer being left with what had passed.
 */
final class CloseOwing implements Procedure {
  private final boolean opens;

  CloseOwing(boolean opens) {
    this.opens = opens;
  }

  @Override
  public Outcome run(Attempt attempt) throws IOException {
    Cell cell = attempt.cell();
    Rig rig = attempt.rig();
    Gate gate = rig.link().out;
    byte[] message = Arrays.copyOf(attempt.data(), cell.length());
    long start = gate.passed();
    Receiver receiver = new Receiver(rig, message.length);

    gate.jamAfter(cell.offset(), attempt.trap());
    IOException thrown = attempt.inCutScope(() -> rig.socket().getOutputStream().write(message));
    if (thrown != null) {
      throw new Broken("a write that had begun has thrown", thrown);
    }
    rig.socket().close();
    if (opens) {
      gate.open();
    }
    awaitFreed(rig);
    if (opens) {
      receiver.requireAll(message);
      requireEnd(rig);
      return Outcome.CLOSED;
    }
    Broken.unless(gate.passed() - start == cell.offset(), "bytes have passed a jammed link");
    receiver.requirePrefix(message);
    return Outcome.CLOSED;
  }

  private static void awaitFreed(Rig rig) {
    try {
      Broken.unless(
          rig.link().freed().await(Rig.GUARD.toSeconds(), TimeUnit.SECONDS),
          "the closed socket has not given its descriptor back");
    } catch (InterruptedException e) {
      throw new Broken("a stray interrupt", e);
    }
  }

  private static void requireEnd(Rig rig) throws IOException {
    int more = rig.peerIn().read();
    Broken.unless(more < 0, "the peer got " + more + " behind the end");
  }
}
