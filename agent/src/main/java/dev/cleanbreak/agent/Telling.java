package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Cut;
import dev.cleanbreak.agent.boot.Deed;
import dev.cleanbreak.agent.boot.Teller;
import dev.cleanbreak.report.Act;
import dev.cleanbreak.report.ActKind;
import dev.cleanbreak.report.Code;
import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.Operation;
import dev.cleanbreak.report.ThreadInfo;
import dev.cleanbreak.report.Victim;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a cut what is told of it. Any thread may ask, since an exception may be printed before
 * the agent's own thread has come to it; two that ask at once may both do the work.
 */
final class Telling implements Teller {
  private static final StackTraceElement[] NO_STACK = {};

  private final Owners owners;

  /** When the JVM was told to go, on the clock of nanoTime; 0 while it was not. */
  private volatile long shutdownNanos;

  Telling(Owners owners) {
    this.owners = owners;
  }

  void shutdownBegins() {
    shutdownNanos = System.nanoTime();
  }

  @Override
  public String sentence(Cut cut) {
    return record(cut).sentence();
  }

  CutRecord record(Cut cut) {
    if (cut.told() instanceof CutRecord known) {
      return known;
    }
    CutRecord record = make(cut);
    cut.told(record, record.sentence());
    return record;
  }

  private CutRecord make(Cut cut) {
    Throwable thrown = cut.thrown();
    Frames stack = new Frames(thrown == null ? NO_STACK : thrown.getStackTrace());
    Operation operation = Operations.of(cut, stack);
    List<Act> chain = chain(cut);
    Judgement judgement = new Verdicts(cut, operation, stack, owners, isShutdown(cut)).judge();
    return new CutRecord(
        cut.id(),
        Instant.EPOCH.plus(cut.epochMicros(), ChronoUnit.MICROS),
        judgement.verdict(),
        judgement.certainty(),
        judgement.expected(),
        judgement.evidence(),
        Sentence.of(cut, judgement, chain),
        victim(cut, operation, stack),
        chain);
  }

  private boolean isShutdown(Cut cut) {
    long begin = shutdownNanos;
    return begin != 0 && !cut.chain().isEmpty() && cut.chain().get(0).nanoTime() - begin > 0;
  }

  private static Victim victim(Cut cut, Operation operation, Frames stack) {
    Ends ends = Ends.of(cut.local(), cut.remote());
    return new Victim(
        new ThreadInfo(cut.threadName(), cut.threadId(), cut.virtual()),
        operation,
        ends.local(),
        ends.remote(),
        cut.exception(),
        cut.message(),
        stack.text(),
        null);
  }

  private List<Act> chain(Cut cut) {
    List<Act> chain = new ArrayList<>();
    for (Deed deed : cut.chain()) {
      Frames stack = new Frames(deed.stack());
      // A channel is closed by the interrupt of who stands on it, in the thread that interrupts.
      if (deed.kind() == Deed.Kind.CLOSE && Verdicts.isInterrupt(stack)) {
        chain.add(act(cut, deed, ActKind.INTERRUPT, stack));
      }
      chain.add(act(cut, deed, ActWords.kind(deed.kind()), stack));
    }
    return chain;
  }

  private Act act(Cut cut, Deed deed, ActKind kind, Frames stack) {
    StackTraceElement nearest = stack.nearest();
    StackTraceElement farthest = stack.farthest();
    Code code = nearest == null ? null : owners.codeOf(nearest);
    Code origin = farthest == null ? null : owners.codeOf(farthest);
    return new Act(
        kind,
        new ThreadInfo(deed.threadName(), deed.threadId(), deed.virtual()),
        Math.max(0, cut.nanoTime() - deed.nanoTime()),
        stack.text(),
        code,
        isElsewhere(code, origin) ? origin : null);
  }

  private static boolean isElsewhere(@Nullable Code code, @Nullable Code origin) {
    return code != null && origin != null && !Objects.equals(code.jar(), origin.jar());
  }
}
