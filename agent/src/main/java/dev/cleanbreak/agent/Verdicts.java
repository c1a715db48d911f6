package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Cut;
import dev.cleanbreak.agent.boot.Deed;
import dev.cleanbreak.agent.boot.Ending;
import dev.cleanbreak.report.Certainty;
import dev.cleanbreak.report.Operation;
import dev.cleanbreak.report.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Decides what kind of thing ended a call. */
final class Verdicts {
  /** After that, the flag may have been taken and raised again without our seeing it. */
  private static final long SURE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Cut cut;
  private final Operation operation;
  private final Frames victim;
  private final Owners owners;
  private final boolean shutdown;
  private final List<String> evidence = new ArrayList<>();

  /**
   * @param victim the stack of the call
   * @param shutdown whether the JVM was on its way out when the first deed was done
   */
  Verdicts(Cut cut, Operation operation, Frames victim, Owners owners, boolean shutdown) {
    this.cut = cut;
    this.operation = operation;
    this.victim = victim;
    this.owners = owners;
    this.shutdown = shutdown;
  }

  Judgement judge() {
    if (cut.chain().isEmpty()) {
      return nobody();
    }
    Deed deed = cut.chain().get(0);
    Frames stack = new Frames(deed.stack());
    if (deed.kind() == Deed.Kind.SET_TIMEOUT) {
      evidence.add("the limit that was reached was set by setSoTimeout()");
      return judgement(Verdict.TIMEOUT, Certainty.CERTAIN, operation == Operation.ACCEPT);
    }
    correct(deed);
    StackTraceElement worker = idleWorker(stack);
    if (worker != null) {
      evidence.add("an idle worker of an executor was told to go: " + worker);
      return judgement(Verdict.INTERRUPT, Certainty.CERTAIN, true);
    }
    Judgement byShutdown = shutdown(deed);
    if (byShutdown != null) {
      return byShutdown;
    }
    for (Sign sign : Sign.ALL) {
      StackTraceElement frame = sign.in(stack);
      if (frame != null) {
        evidence.add("on the stack of who cut: " + frame);
        boolean expected = sign.verdict() == Verdict.SHUTDOWN_HOOK;
        return judgement(sign.verdict(), certainty(deed, sign.certainty()), expected);
      }
    }
    return plain(deed, stack);
  }

  /** Nobody in this JVM was seen. */
  private Judgement nobody() {
    String words = "\"" + cut.message() + "\", and no thread of this JVM was seen to close it";
    switch (cut.ending()) {
      case RESET -> {
        evidence.add(words);
        evidence.add("how long the connection had been silent is not known");
        return judgement(Verdict.PEER_RESET, Certainty.LIKELY, false);
      }
      case PEER_ENDED -> {
        evidence.add(words);
        return judgement(Verdict.PEER_END, Certainty.LIKELY, false);
      }
      case BAD_DESCRIPTOR -> {
        evidence.add(words);
        return judgement(Verdict.NATIVE_CLOSE, Certainty.LIKELY, false);
      }
      case TIMED_OUT -> {
        evidence.add("the call's own limit was reached; who set it was not seen");
        return judgement(Verdict.TIMEOUT, Certainty.CERTAIN, operation == Operation.ACCEPT);
      }
      default -> {
        evidence.add("it was done before the agent came, or by a way that the agent does not see");
        return judgement(Verdict.UNKNOWN, Certainty.POSSIBLE, false);
      }
    }
  }

  /** Where the exception tells a wrong story. */
  private void correct(Deed deed) {
    if (cut.ending() == Ending.PEER_ENDED || cut.ending() == Ending.RESET) {
      evidence.add(
          "the exception says \""
              + cut.message()
              + "\", but this end had been closed by thread \""
              + deed.threadName()
              + "\"");
    }
    if ("java.nio.channels.ClosedChannelException".equals(cut.exception())
        && victim.has("sun.nio.ch.SocketChannelImpl", "getRemoteAddress")) {
      evidence.add("Flight Recorder threw this exception in the place of the true one");
    }
  }

  private @Nullable StackTraceElement idleWorker(Frames stack) {
    if (operation != Operation.WAIT) {
      return null;
    }
    StackTraceElement told =
        stack.inMethod("java.util.concurrent.ThreadPoolExecutor", "interruptIdleWorkers");
    StackTraceElement worker =
        victim.inMethod("java.util.concurrent.ThreadPoolExecutor", "getTask");
    return told != null ? told : worker;
  }

  private @Nullable Judgement shutdown(Deed deed) {
    if (!shutdown) {
      return null;
    }
    evidence.add("the JVM was on its way out when thread \"" + deed.threadName() + "\" did it");
    return judgement(Verdict.SHUTDOWN_HOOK, Certainty.LIKELY, true);
  }

  private Judgement plain(Deed deed, Frames stack) {
    if (deed.threadId() == cut.threadId()) {
      evidence.add("the thread whose call it was did it itself");
      return judgement(Verdict.SELF, certainty(deed, Certainty.CERTAIN), false);
    }
    StackTraceElement leaving =
        deed.kind() == Deed.Kind.CLOSE ? owners.leavesTryBlock(stack) : null;
    if (leaving != null) {
      evidence.add("the end of a try-with-resources block: " + leaving);
      return judgement(Verdict.OTHER_THREAD_TRY_WITH_RESOURCES, Certainty.LIKELY, false);
    }
    if (isTimerByName(deed.threadName())) {
      evidence.add("the name of the thread that did it: \"" + deed.threadName() + "\"");
      return judgement(Verdict.TIMER, Certainty.LIKELY, false);
    }
    if (deed.kind() == Deed.Kind.INTERRUPT || isInterrupt(stack)) {
      evidence.add("Thread.interrupt() by another thread");
      return judgement(Verdict.INTERRUPT, certainty(deed, Certainty.CERTAIN), false);
    }
    evidence.add(Sentence.call(deed) + " by another thread");
    boolean server = operation == Operation.ACCEPT;
    if (server) {
      evidence.add("that is how one ends a thread that accepts");
    }
    return judgement(Verdict.CLOSE, Certainty.CERTAIN, server);
  }

  /** A close in {@code Thread.interrupt}: of the channel that the interrupted thread stood on. */
  static boolean isInterrupt(Frames stack) {
    return stack.has("java.lang.Thread", "interrupt")
        || stack.has("java.lang.VirtualThread", "interrupt");
  }

  private static boolean isTimerByName(String name) {
    String words = name.toLowerCase(Locale.ROOT);
    return words.contains("timer") || words.contains("schedul") || words.contains("watchdog");
  }

  /** An interrupt of long ago may be another one than that which ended the call. */
  private Certainty certainty(Deed deed, Certainty best) {
    long age = cut.nanoTime() - deed.nanoTime();
    if (deed.kind() == Deed.Kind.INTERRUPT && age > SURE_NANOS) {
      evidence.add("the interrupt was long before: " + Sentence.duration(age));
      return Certainty.POSSIBLE;
    }
    return best;
  }

  private Judgement judgement(Verdict verdict, Certainty certainty, boolean expected) {
    return new Judgement(verdict, certainty, expected, List.copyOf(evidence));
  }
}
