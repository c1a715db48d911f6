package dev.cleanbreak;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** What is carried: the cap of the process, and the order of the stream. */
final class CarryRaces {
  private static final int LIMIT = 100;

  private CarryRaces() {}

  @JCStressTest
  @Outcome(id = "true, false, 6", expect = ACCEPTABLE)
  @Outcome(id = "false, true, 6", expect = ACCEPTABLE)
  @State
  public static class TwoSocketsAtTheCap {
    private final CarryBudget budget = new CarryBudget(10);
    private final Carry one = new Carry(budget);
    private final Carry other = new Carry(budget);

    @Actor
    public void one(LLL_Result r) {
      r.r1 = one.take(RaceCalls.bytes("aaaaaa"), LIMIT);
    }

    @Actor
    public void other(LLL_Result r) {
      r.r2 = other.take(RaceCalls.bytes("bbbbbb"), LIMIT);
    }

    @Arbiter
    public void reserved(LLL_Result r) {
      r.r3 = budget.reserved();
    }
  }

  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE)
  @State
  public static class TakeAgainstDropAndSend {
    private final CarryBudget budget = new CarryBudget(1000);
    private final Carry carry = new Carry(budget);
    private final RacePort port = new RacePort();

    public TakeAgainstDropAndSend() {
      port.room = true;
      carry.take(RaceCalls.bytes("abc"), LIMIT);
    }

    @Actor
    public void takes() {
      carry.take(RaceCalls.bytes("def"), LIMIT);
      RaceCalls.outcome(() -> carry.send(port));
    }

    @Actor
    public void drops() {
      RaceCalls.outcome(() -> carry.send(port));
      carry.seal();
    }

    @Arbiter
    public void reserved(L_Result r) {
      carry.seal();
      r.r1 = budget.reserved();
    }
  }

  /** The drainer and a writer both pay; the peer gets every byte once and in order. */
  @JCStressTest
  @Outcome(id = "abcxy", expect = ACCEPTABLE)
  @State
  public static class DrainAgainstWrite {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    public DrainAgainstWrite() {
      connection.output.carry.take(RaceCalls.bytes("abc"), LIMIT);
      port.room = true;
    }

    @Actor
    public void writer() {
      RaceCalls.write(connection, "xy");
    }

    @Actor
    public void drainer() {
      connection.output.drain();
    }

    @Arbiter
    public void stream(L_Result r) {
      r.r1 = port.received();
    }
  }

  /** Poison drops what is owed: nothing that comes after it may reach the peer. */
  @JCStressTest
  @Outcome(id = "POISONED, (ab)?", expect = ACCEPTABLE, desc = "what was owed, or nothing")
  @Outcome(id = "done, abxy", expect = ACCEPTABLE, desc = "paid before the poison")
  @State
  public static class PoisonAgainstWrite {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    public PoisonAgainstWrite() {
      connection.output.carry.take(RaceCalls.bytes("ab"), LIMIT);
      port.room = true;
    }

    @Actor
    public void writer(LL_Result r) {
      r.r1 = RaceCalls.write(connection, "xy");
    }

    @Actor
    public void poisoner() {
      connection.output.poison("race", null);
    }

    @Arbiter
    public void stream(LL_Result r) {
      r.r2 = "abxy".startsWith(port.received()) ? port.received() : "HOLE " + port.received();
    }
  }

  /** As above, for a write that is cut and carries: a carry that is sealed takes nothing. */
  @JCStressTest
  @Outcome(id = "POISONED, true", expect = ACCEPTABLE)
  @Outcome(id = "CANCELLED, true", expect = ACCEPTABLE, desc = "it was not carried")
  @Outcome(id = "done, true", expect = ACCEPTABLE, desc = "carried, then poisoned with the rest")
  @State
  public static class PoisonAgainstCarry {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);
    private final ScopeNode scope = RaceCalls.scope();

    public PoisonAgainstCarry() {
      connection.output.carry.take(RaceCalls.bytes("ab"), LIMIT);
      scope.cutBy(RaceCalls.CANCEL);
    }

    @Actor
    public void writer(LL_Result r) {
      r.r1 =
          RaceCalls.in(
              scope, () -> connection.output.write(RaceCalls.bytes("xy"), WriteMode.CARRY));
    }

    @Actor
    public void poisoner() {
      connection.output.poison("race", null);
    }

    @Arbiter
    public void nothingOwed(LL_Result r) {
      r.r2 = connection.output.carried() == 0;
    }
  }

  /** A writer that waits for room learns that there will be none. */
  @JCStressTest
  @Outcome(id = "POISONED", expect = ACCEPTABLE)
  @State
  public static class PoisonAgainstWait {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    public PoisonAgainstWait() {
      connection.output.carry.take(RaceCalls.bytes("ab"), LIMIT);
    }

    @Actor
    public void writer(L_Result r) {
      r.r1 = RaceCalls.write(connection, "xy");
    }

    @Actor
    public void poisoner() {
      connection.output.poison("race", null);
    }
  }

  /** An abort drops what is owed: what a writer sends then would follow a hole. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @State
  public static class AbortAgainstWrite {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    public AbortAgainstWrite() {
      connection.output.carry.take(RaceCalls.bytes("ab"), LIMIT);
      port.room = true;
    }

    @Actor
    public void writer() {
      RaceCalls.write(connection, "xy");
    }

    @Actor
    public void aborter() {
      connection.abort(RaceCalls.CLOSE);
    }

    @Arbiter
    public void stream(L_Result r) {
      String received = port.received();
      r.r1 = "abxy".startsWith(received) ? "true" : "HOLE " + received;
    }
  }
}
