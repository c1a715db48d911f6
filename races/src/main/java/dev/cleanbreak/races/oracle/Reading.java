package dev.cleanbreak.races.oracle;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The peer sends a message and its trailer; the link jams in the message, and the read is cut
 * there. Then the scope is left, the link is opened, and the application reads on.
 */
final class Reading implements Procedure {
  private static final int SPARE = 1;

  private final ReadingApp.Factory factory;

  Reading(ReadingApp.Factory factory) {
    this.factory = factory;
  }

  @Override
  public Outcome run(Attempt attempt) throws IOException {
    return new Run(attempt, factory.over(attempt.rig(), attempt.data().length + SPARE)).run();
  }

  private static final class Run {
    private final Attempt attempt;
    private final Cell cell;
    private final Rig rig;
    private final Gate gate;
    private final byte[] data;

    /** One byte more: with it, a byte that was lost shows as a wrong one, not as a long wait. */
    private final byte[] all;

    private final ReadingApp app;
    private final long start;

    Run(Attempt attempt, ReadingApp app) {
      this.attempt = attempt;
      this.cell = attempt.cell();
      this.rig = attempt.rig();
      this.gate = rig.link().in;
      this.data = attempt.data();
      this.all = Arrays.copyOf(data, data.length + SPARE);
      this.app = app;
      this.start = gate.passed();
    }

    Outcome run() throws IOException {
      if (cell.moment() != Moment.ENTRY) {
        gate.jamAfter(cell.offset(), attempt.trap());
      }
      Future<?> sent = rig.peerMoves(all.length, this::send);
      if (cell.moment() == Moment.ENTRY) {
        attempt.afterwards(() -> app.readTo(cell.offset()));
      }
      IOException thrown = attempt.inCutScope(this::readUntilCut);
      requireThrow(thrown);
      if (app.isUnbuffered() && thrown != null) {
        long passed = gate.passed() - start;
        Broken.unless(
            passed == app.count(), "a cut read has consumed " + (passed - app.count()) + " bytes");
      }
      if (cell.way() == Way.CLOSE) {
        Message.requirePrefix(all, app.got(), app.count(), "the application");
        return Outcome.CLOSED;
      }
      gate.open();
      attempt.afterwards(() -> app.readTo(data.length));
      Message.requirePrefix(all, app.got(), app.count(), "the application");
      attempt.afterwards(() -> app.readTo(all.length));
      Message.requireAll(all, app.got(), app.count(), "the application");
      Rig.await(sent);
      Broken.unless(
          rig.isSecure() || gate.passed() - start == all.length, "bytes passed that nobody got");
      gate.disarm();
      rig.pingOut();
      return Outcome.DELIVERED;
    }

    private void send() throws IOException {
      OutputStream out = rig.peerOut();
      out.write(data, 0, cell.length());
      out.write(all, cell.length(), all.length - cell.length());
    }

    private void readUntilCut() throws IOException {
      app.readTo(all.length);
      if (attempt.isCutForGood()) {
        // All was there before the cut; the next read must not wait for more.
        app.read(1);
        throw new Broken("a read in a scope that was cut has returned");
      }
    }

    private void requireThrow(@Nullable IOException thrown) {
      boolean mustThrow = cell.way().stands() || cell.moment() != Moment.AFTER_READY;
      Broken.unless(thrown != null || !mustThrow, "nothing was thrown");
      Broken.unless(
          thrown == null || Attempt.moved(thrown) == 0, "a cut read counts bytes as moved");
    }
  }
}
