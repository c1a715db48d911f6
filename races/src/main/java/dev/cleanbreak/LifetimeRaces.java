package dev.cleanbreak;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** The lifetime word: exactly one thread gives the descriptor back, and nobody enters after it. */
final class LifetimeRaces {
  private LifetimeRaces() {}

  @JCStressTest
  @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "the call was the last one out")
  @Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "the close found it empty")
  @State
  public static class CallAgainstClose {
    private final Lifetime lifetime = new Lifetime();

    @Actor
    public void call(ZZZ_Result r) {
      r.r1 = lifetime.enter() && lifetime.leave();
    }

    @Actor
    public void close(ZZZ_Result r) {
      r.r2 = lifetime.close();
    }

    @Arbiter
    public void after(ZZZ_Result r) {
      r.r3 = lifetime.enter();
    }
  }

  @JCStressTest
  @Outcome(id = "true, false, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true, false", expect = ACCEPTABLE)
  @State
  public static class TwoLeave {
    private final Lifetime lifetime = new Lifetime();

    public TwoLeave() {
      lifetime.enter();
      lifetime.enter();
      lifetime.close();
    }

    @Actor
    public void one(ZZZ_Result r) {
      r.r1 = lifetime.leave();
    }

    @Actor
    public void other(ZZZ_Result r) {
      r.r2 = lifetime.leave();
    }

    @Arbiter
    public void after(ZZZ_Result r) {
      r.r3 = lifetime.enter();
    }
  }

  @JCStressTest
  @Outcome(id = "true, false, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true, false", expect = ACCEPTABLE)
  @State
  public static class SecondHolderAgainstClose {
    private final Lifetime lifetime = new Lifetime();

    public SecondHolderAgainstClose() {
      lifetime.enter();
    }

    @Actor
    public void holder(ZZZ_Result r) {
      lifetime.enterAgain();
      boolean first = lifetime.leave();
      boolean second = lifetime.leave();
      r.r1 = first ^ second;
    }

    @Actor
    public void close(ZZZ_Result r) {
      r.r2 = lifetime.close();
    }

    @Arbiter
    public void after(ZZZ_Result r) {
      r.r3 = lifetime.enter();
    }
  }

  @JCStressTest
  @Outcome(id = "true, false, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true, false", expect = ACCEPTABLE)
  @State
  public static class TwoClose {
    private final Lifetime lifetime = new Lifetime();

    @Actor
    public void one(ZZZ_Result r) {
      r.r1 = lifetime.close();
    }

    @Actor
    public void other(ZZZ_Result r) {
      r.r2 = lifetime.close();
    }

    @Arbiter
    public void after(ZZZ_Result r) {
      r.r3 = lifetime.enter();
    }
  }
}
