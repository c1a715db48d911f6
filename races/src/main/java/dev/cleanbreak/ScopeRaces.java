package dev.cleanbreak;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A scope's cut, end and deadline against whatever joins it. */
final class ScopeRaces {
  private ScopeRaces() {}

  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @State
  public static class AdoptAgainstCut {
    private final ScopeNode outer = RaceCalls.scope();
    private ScopeNode inner = ScopeNode.ROOT;

    @Actor
    public void opens() {
      inner = new ScopeNode(outer, "inner", null, Ticks.NEVER, false);
    }

    @Actor
    public void cuts() {
      outer.cutBy(RaceCalls.CANCEL);
    }

    @Arbiter
    public void cut(Z_Result r) {
      r.r1 = inner.isCut();
    }
  }

  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @State
  public static class AdoptAgainstEnd {
    private final ScopeNode outer = RaceCalls.scope();
    private ScopeNode inner = ScopeNode.ROOT;

    @Actor
    public void opens() {
      inner = new ScopeNode(outer, "inner", null, Ticks.NEVER, false);
    }

    @Actor
    public void ends() {
      outer.end();
    }

    @Arbiter
    public void cut(Z_Result r) {
      r.r1 = inner.isCut();
    }
  }

  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @State
  public static class AdoptAgainstDeadline {
    private static final long FAR = Ticks.NEVER / 2;
    private final ScopeNode outer = RaceCalls.scope();
    private ScopeNode inner = ScopeNode.ROOT;

    @Actor
    public void opens() {
      inner = new ScopeNode(outer, "inner", null, Ticks.NEVER, false);
    }

    @Actor
    public void changes() {
      outer.ownDeadline(FAR);
    }

    @Arbiter
    public void resolved(Z_Result r) {
      r.r1 = inner.effectiveDeadline() == FAR;
    }
  }

  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @State
  public static class TwoDeadlinesOfOneChain {
    private static final long FAR = Ticks.NEVER / 2;
    private final ScopeNode outer = new ScopeNode(ScopeNode.ROOT, "outer", null, FAR - 9, false);
    private final ScopeNode middle = new ScopeNode(outer, "middle", null, FAR - 8, false);
    private final ScopeNode inner = new ScopeNode(middle, "inner", null, Ticks.NEVER, false);

    @Actor
    public void outer() {
      outer.ownDeadline(FAR + 2);
    }

    @Actor
    public void middle() {
      middle.ownDeadline(FAR + 1);
    }

    @Arbiter
    public void resolved(Z_Result r) {
      r.r1 = inner.effectiveDeadline() == FAR + 1;
    }
  }

  @JCStressTest
  @Outcome(id = "true, false, true", expect = ACCEPTABLE)
  @Outcome(id = "false, true, true", expect = ACCEPTABLE)
  @State
  public static class TwoCuts {
    private static final CutCause OTHER = CutCause.unseen(CutKind.SHUTDOWN, "other", "scope");
    private final ScopeNode scope = RaceCalls.scope();

    @Actor
    public void one(ZZZ_Result r) {
      r.r1 = scope.cutBy(RaceCalls.CANCEL);
    }

    @Actor
    public void other(ZZZ_Result r) {
      r.r2 = scope.cutBy(OTHER);
    }

    @Arbiter
    public void stays(ZZZ_Result r) {
      r.r3 = (r.r1 ? RaceCalls.CANCEL : OTHER).equals(scope.standingCut());
    }
  }

  @JCStressTest
  @Outcome(id = "SCOPE_ENDED", expect = ACCEPTABLE)
  @State
  public static class WaitAgainstEnd {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);
    private final ScopeNode scope = RaceCalls.scope();

    @Actor
    public void reader(L_Result r) {
      r.r1 = RaceCalls.in(scope, () -> RaceCalls.read(connection));
    }

    @Actor
    public void ender() {
      scope.end();
    }
  }

  @JCStressTest
  @Outcome(id = "DEADLINE", expect = ACCEPTABLE)
  @State
  public static class WaitAgainstDeadline {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);
    private final ScopeNode outer = RaceCalls.scope();
    private final ScopeNode inner = new ScopeNode(outer, "inner", null, Ticks.NEVER, false);

    @Actor
    public void reader(L_Result r) {
      r.r1 = RaceCalls.in(inner, () -> RaceCalls.read(connection));
    }

    @Actor
    public void setter() {
      outer.ownDeadline(1);
    }
  }

  @JCStressTest
  @Outcome(id = "CANCELLED, CANCELLED", expect = ACCEPTABLE)
  @Outcome(id = "done, CANCELLED", expect = ACCEPTABLE)
  @State
  public static class LeaveAgainstCut {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);
    private final ScopeNode scope = RaceCalls.scope();

    @Actor
    public void reader(LL_Result r) {
      r.r1 = RaceCalls.in(scope, () -> RaceCalls.read(connection));
      r.r2 = RaceCalls.in(scope, () -> RaceCalls.read(connection));
    }

    @Actor
    public void canceller() {
      port.readable.set(1);
      scope.cutBy(RaceCalls.CANCEL);
    }
  }

  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @State
  public static class ActionAgainstCut {
    private final ScopeNode scope = RaceCalls.scope();
    private final AtomicInteger ran = new AtomicInteger();

    @Actor
    public void registers() {
      scope.onCancel(ran::incrementAndGet);
    }

    @Actor
    public void cuts() {
      scope.cutBy(RaceCalls.CANCEL);
    }

    @Arbiter
    public void once(L_Result r) {
      RaceWait.until(() -> ran.get() > 0);
      r.r1 = ran.get();
    }
  }

  /** The timer of a deadline, against a scope that lives on because the deadline was moved. */
  @JCStressTest
  @Outcome(id = "cut, 1", expect = ACCEPTABLE)
  @Outcome(id = "open, 0", expect = ACCEPTABLE)
  @State
  public static class TimerAgainstLaterDeadline {
    private final ScopeNode scope =
        new ScopeNode(ScopeNode.ROOT, "race", null, Ticks.now() + 30_000, false);
    private final AtomicInteger ran = new AtomicInteger();

    @Actor
    public void registers() {
      scope.onCancel(ran::incrementAndGet);
    }

    @Actor
    public void moves() {
      scope.ownDeadline(Ticks.NEVER);
    }

    @Arbiter
    public void agree(LL_Result r) {
      boolean cut = scope.isCut();
      if (cut) {
        RaceWait.until(() -> ran.get() > 0);
      }
      r.r1 = cut ? "cut" : "open";
      r.r2 = ran.get();
    }
  }

  /** The timer of a deadline that was set while an action was registered is never forgotten. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @State
  public static class TimerAgainstRegistration {
    private final ScopeNode scope = RaceCalls.scope();
    private final AtomicInteger ran = new AtomicInteger();

    @Actor
    public void registers() {
      scope.onCancel(ran::incrementAndGet);
    }

    @Actor
    public void moves() {
      scope.ownDeadline(Ticks.now() + 10_000);
    }

    @Arbiter
    public void ran(L_Result r) {
      RaceWait.until(() -> ran.get() > 0);
      r.r1 = ran.get();
    }
  }
}
