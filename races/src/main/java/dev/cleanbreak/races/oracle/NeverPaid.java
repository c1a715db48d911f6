package dev.cleanbreak.races.oracle;

import dev.cleanbreak.CutKind;
import dev.cleanbreak.CutTimeoutException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.Arrays;

/**
 * A write is cut, its tail is carried, and the peer never takes it: the output must say that it is
 * poisoned, at every later write, and the peer must be left with what had passed.
 */
final class NeverPaid implements Procedure {
  @Override
  public Outcome run(Attempt attempt) throws IOException {
    Cell cell = attempt.cell();
    Rig rig = attempt.rig();
    Gate gate = rig.link().out;
    byte[] message = Arrays.copyOf(attempt.data(), cell.length());
    long start = gate.passed();
    Receiver receiver = new Receiver(rig, message.length);

    gate.jamAfter(cell.offset(), attempt.trap());
    OutputStream out = rig.socket().getOutputStream();
    IOException thrown = attempt.inCutScope(() -> out.write(message));
    if (thrown != null) {
      throw new Broken("a write that had begun has thrown", thrown);
    }
    attempt.afterwards(() -> awaitPoison(out));
    try {
      out.write(0);
      throw new Broken("a poisoned output has taken a byte");
    } catch (SocketException e) {
      Broken.unless(Attempt.isPoison(e), "a poisoned output says only " + e.getMessage());
    }
    gate.open();
    rig.socket().close();
    int received = receiver.requirePrefix(message);
    Broken.unless(gate.passed() - start == cell.offset(), "bytes have passed a jammed link");
    // The reset may overtake what the peer had not taken yet.
    Broken.unless(
        Rig.overflows(message.length) || received == cell.offset(),
        cell.offset() + " bytes had passed, the peer has " + received);
    return Outcome.POISONED;
  }

  private static void awaitPoison(OutputStream out) throws IOException {
    for (; ; ) {
      try {
        out.flush();
        throw new Broken("what the peer never took was flushed");
      } catch (CutTimeoutException e) {
        // The flush gave up before the carry did. In a scope whose deadline has passed it is over.
        if (e.cut().kind() == CutKind.DEADLINE) {
          throw e;
        }
      } catch (SocketException e) {
        if (Attempt.isPoison(e)) {
          return;
        }
        throw e;
      }
    }
  }
}
