package dev.cleanbreak.races.oracle;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A TLS handshake is cut, then begun again where it was, and the session must work. */
final class Handshaking implements Procedure {
  private final boolean cutsWrites;

  Handshaking(boolean cutsWrites) {
    this.cutsWrites = cutsWrites;
  }

  @Override
  public Outcome run(Attempt attempt) throws IOException {
    Cell cell = attempt.cell();
    Rig rig = attempt.rig();
    Gate gate = cutsWrites ? rig.link().out : rig.link().in;
    if (cell.moment() != Moment.ENTRY) {
      gate.jamAfter(cell.offset(), attempt.trap());
    }
    Future<?> peer = rig.onPeer(() -> rig.tlsPeer().startHandshake());
    IOException thrown =
        attempt.inCutScope(() -> {
          rig.tlsSocket().startHandshake();
          if (attempt.isCutForGood()) {
            int read = rig.socket().getInputStream().read();
            throw new Broken("a read in a scope that was cut returned " + read);
          }
        });
    requireThrow(cell, thrown);
    if (cell.way() == Way.CLOSE) {
      return Outcome.CLOSED;
    }
    gate.open();
    attempt.afterwards(() -> rig.tlsSocket().startHandshake());
    Rig.await(peer);
    gate.disarm();
    rig.pingOut();
    rig.pingIn();
    return Outcome.DELIVERED;
  }

  private void requireThrow(Cell cell, @Nullable IOException thrown) {
    // A flight that has left whole needs nobody to wait for it.
    boolean mustThrow = cell.way().stands() || (!cutsWrites && cell.moment() != Moment.AFTER_READY);
    Broken.unless(thrown != null || !mustThrow, "nothing was thrown");
  }

  /** The bytes of one uncut handshake. */
  static int bytes(Stand stand, Tls tls, boolean out) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Rig rig = Rig.open(stand, stand.settings(Mode.DEFAULT), threads)) {
      rig.secure(tls, stand.tlsContext());
      Future<?> peer = rig.onPeer(() -> rig.tlsPeer().startHandshake());
      rig.tlsSocket().startHandshake();
      long passed = out ? rig.link().out.passed() : rig.link().in.passed();
      Rig.await(peer);
      return Math.toIntExact(passed);
    }
  }
}
