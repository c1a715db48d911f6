package dev.cleanbreak;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.cleanbreak.RaceCalls.RaceEndpoint;
import dev.cleanbreak.spi.Readiness;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** A call that is about to sleep, against everything that wakes it: no wake may be lost. */
final class CallRaces {
  private CallRaces() {}

  @JCStressTest
  @Outcome(id = "CANCELLED", expect = ACCEPTABLE)
  @State
  public static class CancelAgainstWait {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);
    private final ScopeNode scope = RaceCalls.scope();

    @Actor
    public void reader(L_Result r) {
      r.r1 = RaceCalls.in(scope, () -> RaceCalls.read(connection));
    }

    @Actor
    public void canceller() {
      scope.cutBy(RaceCalls.CANCEL);
    }
  }

  @JCStressTest
  @Outcome(id = "done, CANCELLED", expect = ACCEPTABLE, desc = "success wins, the cut is next")
  @Outcome(id = "CANCELLED, CANCELLED", expect = ACCEPTABLE)
  @State
  public static class ReadyAgainstCancel {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);
    private final ScopeNode scope = RaceCalls.scope();

    @Actor
    public void reader(LL_Result r) {
      r.r1 = RaceCalls.in(scope, () -> RaceCalls.read(connection));
    }

    @Actor
    public void both() {
      port.readable.set(1);
      scope.cutBy(RaceCalls.CANCEL);
    }

    @Arbiter
    public void next(LL_Result r) {
      r.r2 = RaceCalls.in(scope, () -> RaceCalls.read(connection));
    }
  }

  @JCStressTest
  @Outcome(id = "done, done", expect = ACCEPTABLE)
  @Outcome(id = "CANCELLED, done", expect = ACCEPTABLE)
  @State
  public static class CutOfOneCallAgainstTheNext {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);
    private final ScopeNode scope = RaceCalls.scope();

    @Actor
    public void reader(LL_Result r) {
      r.r1 = RaceCalls.in(scope, () -> RaceCalls.read(connection));
      r.r2 = RaceCalls.read(connection);
    }

    @Actor
    public void canceller() {
      port.readable.incrementAndGet();
      scope.cutBy(RaceCalls.CANCEL);
      port.readable.incrementAndGet();
    }
  }

  @JCStressTest
  @Outcome(id = "CLOSED, 1", expect = ACCEPTABLE)
  @State
  public static class CloseAgainstWait {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    @Actor
    public void reader(LL_Result r) {
      r.r1 = RaceCalls.read(connection);
    }

    @Actor
    public void closer() {
      connection.close(RaceCalls.CLOSE);
    }

    @Arbiter
    public void freed(LL_Result r) {
      r.r2 = port.closes.get();
    }
  }

  @JCStressTest
  @Outcome(id = "true, true, 1", expect = ACCEPTABLE)
  @State
  public static class TwoClosers {
    private final RacePort port = new RacePort();
    private final RaceEndpoint endpoint = new RaceEndpoint(port);

    @Actor
    public void one(LLL_Result r) {
      endpoint.close(RaceCalls.CLOSE);
      r.r1 = endpoint.isClosed();
    }

    @Actor
    public void other(LLL_Result r) {
      endpoint.close(RaceCalls.CLOSE);
      r.r2 = endpoint.isClosed();
    }

    @Arbiter
    public void freed(LLL_Result r) {
      r.r3 = port.closes.get();
    }
  }

  @JCStressTest
  @Outcome(id = "TIMEOUT", expect = ACCEPTABLE)
  @State
  public static class TimeoutSetAgainstWait {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    @Actor
    public void reader(L_Result r) {
      r.r1 = RaceCalls.read(connection);
    }

    @Actor
    public void setter() {
      connection.input.timeout(1);
    }
  }

  @JCStressTest
  @Outcome(id = "end", expect = ACCEPTABLE)
  @State
  public static class ShutdownAgainstWait {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    @Actor
    public void reader(L_Result r) {
      r.r1 = RaceCalls.read(connection);
    }

    @Actor
    public void shutter(L_Result r) {
      RaceCalls.outcome(() -> {
        connection.input.shutdown();
        return null;
      });
    }
  }

  @JCStressTest
  @Outcome(id = "done", expect = ACCEPTABLE, desc = "the deadline was taken back in time")
  @Outcome(id = "DEADLINE", expect = ACCEPTABLE)
  @State
  public static class DeadlineTakenBackAgainstWait {
    private final RacePort port = new RacePort();
    private final RaceEndpoint endpoint = new RaceEndpoint(port);
    private final ScopeNode scope = RaceCalls.scope(ScopeNode.ROOT, 0);

    @Actor
    public void reader(L_Result r) {
      r.r1 = RaceCalls.in(scope, () -> RaceCalls.await(endpoint, port));
    }

    @Actor
    public void extender() {
      scope.ownDeadline(Ticks.NEVER);
      port.readable.set(1);
    }
  }

  /** What the call that waits has and what the next one gets agree in the end. */
  @JCStressTest
  @Outcome(id = "none", expect = ACCEPTABLE)
  @Outcome(id = "set", expect = ACCEPTABLE)
  @State
  public static class TwoTimeoutSetters {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    public TwoTimeoutSetters() {
      connection.inputTurn.tryAcquire(new Call(connection, Operation.READ, Ticks.NEVER));
    }

    @Actor
    public void sets() {
      connection.input.timeout(1);
    }

    @Actor
    public void clears() {
      connection.input.timeout(Ticks.NEVER);
    }

    @Arbiter
    public void agree(L_Result r) {
      // Ready, so that only the clock can say no: the first look starts it, the second is late.
      port.readable.set(1);
      boolean cut = isCutAtSecondLook(connection.inputTurn.owner());
      boolean none = connection.input.timeout() == Ticks.NEVER;
      r.r1 = none == cut ? "STALE" : none ? "none" : "set";
    }

    private boolean isCutAtSecondLook(@Nullable Call waiting) {
      return waiting != null
          && RaceCalls.outcome(
                  () -> {
                    boolean goesOn = waiting.await(port.newReadiness(), Readiness.READ);
                    return goesOn && waiting.await(port.newReadiness(), Readiness.READ)
                        ? "goes on"
                        : "cut";
                  })
              .equals("cut");
    }
  }
}
