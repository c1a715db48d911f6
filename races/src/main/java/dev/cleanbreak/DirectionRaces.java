package dev.cleanbreak;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.cleanbreak.RaceCalls.RaceEndpoint;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** The turn of a direction: one holder at a time, and a turn that is free is taken. */
final class DirectionRaces {
  private DirectionRaces() {}

  /** Takes the turn and gives it back; a turn that does not come in time is lost. */
  private static String turn(RaceEndpoint endpoint, AtomicInteger inside) {
    return RaceCalls.outcome(() -> {
      Call call = endpoint.enter(endpoint.outputTurn, Operation.WRITE, () -> RacePort.LOST_NANOS);
      try {
        return inside.getAndIncrement() == 0 ? "done" : "TWO INSIDE";
      } finally {
        inside.decrementAndGet();
        endpoint.end(endpoint.outputTurn, call);
      }
    });
  }

  @JCStressTest
  @Outcome(id = "done, done", expect = ACCEPTABLE)
  @State
  public static class TwoTakeTurns {
    private final RaceEndpoint endpoint = new RaceEndpoint(new RacePort());
    private final AtomicInteger inside = new AtomicInteger();

    @Actor
    public void one(LL_Result r) {
      r.r1 = turn(endpoint, inside);
    }

    @Actor
    public void other(LL_Result r) {
      r.r2 = turn(endpoint, inside);
    }
  }

  /** The wake for a waiter that is being cut is passed on to the next one. */
  @JCStressTest
  @Outcome(id = "done, done, done", expect = ACCEPTABLE)
  @Outcome(id = "done, CANCELLED, done", expect = ACCEPTABLE)
  @State
  public static class CutWaiterAgainstRelease {
    private final RaceEndpoint endpoint = new RaceEndpoint(new RacePort());
    private final AtomicInteger inside = new AtomicInteger();
    private final ScopeNode scope = RaceCalls.scope();

    @Actor
    public void holder(LLL_Result r) {
      r.r1 = turn(endpoint, inside);
      scope.cutBy(RaceCalls.CANCEL);
    }

    @Actor
    public void cut(LLL_Result r) {
      r.r2 = RaceCalls.in(scope, () -> turn(endpoint, inside));
    }

    @Actor
    public void next(LLL_Result r) {
      r.r3 = turn(endpoint, inside);
    }
  }

  @JCStressTest
  @Outcome(id = "CLOSED", expect = ACCEPTABLE)
  @State
  public static class CloseAgainstTurn {
    private final RaceEndpoint endpoint = new RaceEndpoint(new RacePort());
    private final Call holder = new Call(endpoint, Operation.WRITE, Ticks.NEVER);

    public CloseAgainstTurn() {
      endpoint.outputTurn.tryAcquire(holder);
    }

    @Actor
    public void waiter(org.openjdk.jcstress.infra.results.L_Result r) {
      r.r1 = turn(endpoint, new AtomicInteger());
    }

    @Actor
    public void closer() {
      endpoint.close(RaceCalls.CLOSE);
    }
  }

  /** A write that is cut for a shutdown and tried again does not take the turn once more. */
  @JCStressTest
  @Outcome(id = "CLOSED, Socket output is shutdown, done", expect = ACCEPTABLE, desc = "it waited")
  @Outcome(
      id = "Socket output is shutdown, Socket output is shutdown, done",
      expect = ACCEPTABLE,
      desc = "it came later")
  @State
  public static class ShutdownAgainstWrites {
    private final StreamConnection connection = RaceCalls.connection(new RacePort());

    @Actor
    public void writer(LLL_Result r) {
      r.r1 = RaceCalls.write(connection, "xy");
      r.r2 = RaceCalls.write(connection, "xy");
    }

    @Actor
    public void shutter(LLL_Result r) {
      r.r3 =
          RaceCalls.outcome(() -> {
            connection.output.shutdown();
            return "done";
          });
    }
  }
}
