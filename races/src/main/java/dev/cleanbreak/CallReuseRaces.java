package dev.cleanbreak;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.cleanbreak.RaceCalls.RaceEndpoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * One call object after the other of a direction: what was meant for an earlier call must not reach
 * a later one, however late it comes. So the later call is looked at in the end.
 */
final class CallReuseRaces {
  private CallReuseRaces() {}

  /** A direction whose second call begins while the first may still be on somebody's mind. */
  private static class TwoCalls {
    final RacePort port = new RacePort();
    final RaceEndpoint endpoint = new RaceEndpoint(port);
    private @Nullable Call next;

    Call enter(Operation operation) {
      try {
        return endpoint.enter(endpoint.inputTurn, operation, () -> Ticks.NEVER);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    void end(Call call) {
      endpoint.end(endpoint.inputTurn, call);
    }

    void beginNext() {
      next = enter(Operation.READ);
    }

    String next() {
      Call after = next;
      return after == null ? "NONE" : after.cause() == null ? "untouched" : "CUT";
    }
  }

  @JCStressTest
  @Outcome(id = "1, untouched", expect = ACCEPTABLE)
  @State
  public static class CutOfAnOperation {
    private final TwoCalls calls = new TwoCalls();

    @Actor
    public void caller() {
      calls.end(calls.enter(Operation.RECEIVE));
      calls.beginNext();
    }

    @Actor
    public void cutter(LL_Result r) {
      calls.endpoint.inputTurn.cut(Operation.RECEIVE, RaceCalls.CANCEL);
      r.r1 = 1;
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r2 = calls.next();
    }
  }

  /** As a TLS reader does that answers, against a close of the session. */
  @JCStressTest
  @Outcome(id = "1, untouched", expect = ACCEPTABLE)
  @State
  public static class CutInASecondTurn {
    private final TwoCalls calls = new TwoCalls();

    @Actor
    public void caller() {
      Call call = calls.enter(Operation.READ);
      if (calls.endpoint.outputTurn.tryAcquire(call)) {
        calls.endpoint.outputTurn.release(call);
      }
      calls.end(call);
      calls.beginNext();
    }

    @Actor
    public void cutter(LL_Result r) {
      calls.endpoint.outputTurn.cutOwner(RaceCalls.CANCEL);
      r.r1 = 1;
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r2 = calls.next();
    }
  }

  /** What is seen of a call belongs to one call: its thread is not gone meanwhile. */
  @JCStressTest
  @Outcome(id = "[01], untouched", expect = ACCEPTABLE)
  @State
  public static class Dump {
    private final TwoCalls calls = new TwoCalls();

    @Actor
    public void caller() {
      calls.end(calls.enter(Operation.RECEIVE));
      calls.beginNext();
    }

    @Actor
    public void looker(LL_Result r) {
      Map<Call, CallState> found = new HashMap<>();
      calls.endpoint.addCallsTo(found, Ticks.now());
      r.r1 = found.size();
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r2 = calls.next();
    }
  }

  @JCStressTest
  @Outcome(id = "done, untouched", expect = ACCEPTABLE)
  @Outcome(id = "CANCELLED, untouched", expect = ACCEPTABLE)
  @State
  public static class CutOfAScope {
    private final TwoCalls calls = new TwoCalls();
    private final ScopeNode scope = RaceCalls.scope();

    @Actor
    public void caller(LL_Result r) {
      r.r1 = RaceCalls.in(scope, () -> RaceCalls.await(calls.endpoint, calls.port));
      calls.beginNext();
    }

    @Actor
    public void canceller() {
      calls.port.readable.set(1);
      scope.cutBy(RaceCalls.CANCEL);
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r2 = calls.next();
    }
  }
}
