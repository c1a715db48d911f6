package dev.cleanbreak;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Hand-over to the drainer and back, with the drainer's own thread as one of the racers. */
final class DrainerRaces {
  private DrainerRaces() {}

  private static void carry(StreamConnection connection, String text) {
    ScopeNode scope = RaceCalls.scope();
    scope.cutBy(RaceCalls.CANCEL);
    RaceCalls.in(scope, () -> connection.output.write(RaceCalls.bytes(text), WriteMode.CARRY));
  }

  /** Nothing stays owed without a drainer, and there is one drainer only. */
  @JCStressTest
  @Outcome(id = "abcd, 0, one drainer", expect = ACCEPTABLE)
  @State
  public static class HandOverAgainstRelease {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    @Actor
    public void writer() {
      carry(connection, "ab");
      carry(connection, "cd");
    }

    @Actor
    public void peer() {
      port.room = true;
    }

    @Arbiter
    public void paid(LLL_Result r) {
      RaceWait.until(connection.output::owesNothing);
      r.r1 = port.received();
      r.r2 = connection.output.carried();
      r.r3 = RaceTransport.INSTANCE.twoDrainers ? "TWO DRAINERS" : "one drainer";
    }
  }

  /** What is owed anew just when the drainer has found nothing and lets go is not forgotten. */
  @JCStressTest
  @Outcome(id = "abcd, 0", expect = ACCEPTABLE)
  @State
  public static class OwedAnewAgainstRelease {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    public OwedAnewAgainstRelease() {
      port.room = true;
    }

    @Actor
    public void writer() {
      carry(connection, "ab");
      RaceWait.until(connection.output::owesNothing);
      carry(connection, "cd");
    }

    @Actor
    public void otherPayer() {
      connection.output.drain();
    }

    @Arbiter
    public void paid(LL_Result r) {
      RaceWait.until(connection.output::owesNothing);
      r.r1 = port.received();
      r.r2 = connection.output.carried();
    }
  }

  /** A close while the drainer holds the connection: the port is given back once, and is. */
  @JCStressTest
  @Outcome(id = "ab, 1, one drainer", expect = ACCEPTABLE)
  @State
  public static class CloseAgainstRelease {
    private final RacePort port = new RacePort();
    private final StreamConnection connection = RaceCalls.connection(port);

    public CloseAgainstRelease() {
      carry(connection, "ab");
    }

    @Actor
    public void closer() {
      connection.close(RaceCalls.CLOSE);
    }

    @Actor
    public void peer() {
      port.room = true;
    }

    @Arbiter
    public void freed(LLL_Result r) {
      RaceWait.until(() -> port.closes.get() > 0);
      r.r1 = port.received();
      r.r2 = port.closes.get();
      r.r3 = RaceTransport.INSTANCE.twoDrainers ? "TWO DRAINERS" : "one drainer";
    }
  }
}
