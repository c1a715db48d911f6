package dev.cleanbreak.races.oracle;

import dev.cleanbreak.CancelScope;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Future;

/**
 * A request is cut in the middle, the scope is left, and then the application only reads the reply.
 * The link opens when that read sleeps. If nobody paid what is carried, both sides would wait.
 */
final class RequestReply implements Procedure {
  @Override
  public Outcome run(Attempt attempt) throws IOException {
    Cell cell = attempt.cell();
    Rig rig = attempt.rig();
    Gate gate = rig.link().out;
    byte[] request = Arrays.copyOf(attempt.data(), cell.length());
    byte[] reply =
        Arrays.copyOfRange(attempt.data(), cell.length(), cell.length() + Attempt.TRAILER);

    long start = gate.passed();
    gate.jamAfter(cell.offset(), attempt.trap());
    Future<?> peer =
        rig.onPeer(() -> {
          byte[] got = rig.peerIn().readNBytes(request.length);
          Message.requireAll(request, got, got.length, "the peer");
          rig.peerOut().write(reply);
        });
    IOException thrown = attempt.inCutScope(() -> rig.socket().getOutputStream().write(request));
    if (thrown != null) {
      throw new Broken("a write that had begun has thrown", thrown);
    }

    Gate replies = rig.link().in;
    Runnable openBoth =
        () -> {
          gate.open();
          replies.open();
        };
    replies.jamAfter(0, new Trap(Moment.BEFORE_SLEEP, openBoth, Runnable::run));
    byte[] got =
        CancelScope.within(Rig.GUARD)
            .call(() -> rig.socket().getInputStream().readNBytes(reply.length));
    Message.requireAll(reply, got, got.length, "the application");
    Rig.await(peer);
    // Nothing is owed any more, but whoever paid may not have returned yet.
    attempt.afterwardsDespiteTheTimeout(() -> rig.socket().stream().flush());
    Broken.unless(gate.passed() - start == request.length, "more was sent than was written");
    gate.disarm();
    replies.disarm();
    return Outcome.DELIVERED;
  }
}
