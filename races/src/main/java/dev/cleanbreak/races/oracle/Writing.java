package dev.cleanbreak.races.oracle;

import java.io.IOException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A message and its trailer are written; the link jams in the message, and the cut lands there.
 * Then the scope is left, the link is opened, and the application goes on where it was cut.
 */
final class Writing implements Procedure {
  /** More than the records of a message add to it. */
  private static final int RECORDS_ADD = 1024;

  private final WritingApp.Factory factory;

  Writing(WritingApp.Factory factory) {
    this.factory = factory;
  }

  @Override
  public Outcome run(Attempt attempt) throws IOException {
    return new Run(attempt, factory.over(attempt.rig(), attempt.data())).run();
  }

  private static final class Run {
    private final Attempt attempt;
    private final Cell cell;
    private final Rig rig;
    private final Gate gate;
    private final byte[] data;
    private final WritingApp app;
    private final Receiver receiver;
    private final long start;

    Run(Attempt attempt, WritingApp app) {
      this.attempt = attempt;
      this.cell = attempt.cell();
      this.rig = attempt.rig();
      this.gate = rig.link().out;
      this.data = attempt.data();
      this.app = app;
      this.start = gate.passed();
      this.receiver = new Receiver(rig, data.length);
    }

    Outcome run() throws IOException {
      if (cell.moment() == Moment.ENTRY) {
        attempt.afterwards(() -> app.writeTo(cell.offset()));
      } else {
        gate.jamAfter(cell.offset(), attempt.trap());
      }
      IOException thrown = attempt.inCutScope(this::writeUntilCut);
      requireThrow(thrown);
      if (app.countsItself()) {
        checkCounts(thrown);
      }
      gate.open();
      if (cell.way() == Way.CLOSE) {
        return ended(Outcome.CLOSED);
      }
      try {
        attempt.afterwardsDespiteTheTimeout(this::finish);
      } catch (SocketException e) {
        if (!Attempt.isPoison(e) || !mayPoison()) {
          throw e;
        }
        rig.socket().close();
        return ended(Outcome.POISONED);
      }
      return delivered();
    }

    private void writeUntilCut() throws IOException {
      app.writeTo(cell.length());
      if (cell.way() == Way.TIMEOUT && attempt.trap().isSprung()) {
        return;
      }
      app.writeTo(data.length);
      app.flush();
      if (attempt.isCutForGood()) {
        // Whoever carried has hidden the cut so far: it must surface at the next call.
        int read = rig.socket().getInputStream().read();
        throw new Broken("a read in a scope that was cut returned " + read);
      }
    }

    /** A timeout cuts one call only, and only one that has to wait and may throw. */
    private void requireThrow(@Nullable IOException thrown) {
      boolean mustThrow =
          cell.way().stands()
              || (cell.offset() == 0
                  && cell.mode() == Mode.DEFAULT
                  && cell.moment() != Moment.AFTER_READY
                  && app.countsItself());
      Broken.unless(thrown != null || !mustThrow, "nothing was thrown");
    }

    /** What the peer can see is a prefix of what was accepted; the rest of that is carried. */
    private void checkCounts(@Nullable IOException thrown) throws IOException {
      long passed = gate.passed() - start;
      int accepted = app.accepted();
      Broken.unless(
          passed <= accepted, passed + " bytes have been sent, " + accepted + " were accepted");
      Broken.unless(
          thrown == null || Attempt.moved(thrown) <= accepted, "a throw counts other bytes");
      if (cell.way() == Way.CLOSE) {
        Broken.unless(
            passed == accepted,
            accepted + " bytes were accepted, " + passed + " sent at the close");
      } else if (gate.isJammed()) {
        // Nobody can pay now.
        int carried = rig.socket().stream().carried();
        Broken.unless(
            passed + carried == accepted,
            accepted + " bytes were accepted: " + passed + " sent, " + carried + " carried");
      }
    }

    /** The JDK's TLS writes on though it was cut; a record that cannot be carried is the end. */
    private boolean mayPoison() {
      Tls tls = cell.layer().tls();
      return tls != null
          && tls.isJdk()
          && cell.length() - cell.offset() + RECORDS_ADD > Stand.CARRY;
    }

    private void finish() throws IOException {
      app.writeTo(data.length);
      app.flush();
      rig.socket().getOutputStream().flush();
    }

    private Outcome delivered() throws IOException {
      if (!rig.isSecure()) {
        long passed = gate.passed() - start;
        Broken.unless(
            passed == data.length,
            data.length + " bytes were accepted, " + passed + " have been sent");
      }
      receiver.requireAll(data);
      gate.disarm();
      rig.pingIn();
      return Outcome.DELIVERED;
    }

    private Outcome ended(Outcome outcome) {
      int received = receiver.requirePrefix(data);
      long passed = gate.passed() - start;
      // The reset behind a poison may overtake what the peer had not taken yet.
      boolean exact = !rig.isSecure() && (outcome == Outcome.CLOSED || !Rig.overflows(data.length));
      Broken.unless(
          exact ? received == passed : received <= passed,
          passed + " bytes have been sent, the peer has " + received);
      return outcome;
    }
  }
}
