package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Cut;
import dev.cleanbreak.agent.boot.Deed;
import dev.cleanbreak.report.Act;
import dev.cleanbreak.report.ActKind;
import dev.cleanbreak.report.Code;
import dev.cleanbreak.report.ThreadInfo;
import dev.cleanbreak.report.Told;
import dev.cleanbreak.report.Verdict;
import java.util.List;
import java.util.Locale;

/** Puts a cut into one sentence. */
final class Sentence {
  private Sentence() {}

  static String of(Cut cut, Judgement judgement, List<Act> chain) {
    if (chain.isEmpty()) {
      return nobody(cut, judgement.verdict());
    }
    StringBuilder text = new StringBuilder();
    Act first = chain.get(0);
    boolean self = first.thread().id() == cut.threadId();
    if (first.kind() == ActKind.SET_TIMEOUT) {
      text.append("timed out: the limit was set ");
    } else {
      text.append("cut ");
    }
    text.append("by ").append(self ? "this thread itself" : thread(first.thread()));
    text.append(' ').append(duration(first.beforeNanos())).append(" earlier: ");
    text.append(ActWords.call(first.kind()));
    code(text, first);
    for (int i = 1; i < chain.size(); i++) {
      link(text, first, chain.get(i), cut);
    }
    return text.toString();
  }

  private static String nobody(Cut cut, Verdict verdict) {
    return switch (verdict) {
      case PEER_RESET -> "cut by the other side, or something between: the connection was reset";
      case PEER_END -> "cut by the other side, which ended the connection";
      case NATIVE_CLOSE -> "cut by native code of this process, which closed the descriptor";
      case TIMEOUT -> "timed out: the call's own limit";
      default ->
          "cut by somebody who was not seen: " + cut.ending().name().toLowerCase(Locale.ROOT);
    };
  }

  private static void code(StringBuilder text, Act act) {
    Code code = act.code();
    if (code == null) {
      if (!act.stack().isEmpty()) {
        text.append(" at ").append(act.stack().get(act.stack().size() - 1)).append(" in the JDK");
      }
      return;
    }
    text.append(" at ").append(code.frame());
    jar(text, code);
    Code origin = act.origin();
    if (origin != null) {
      text.append(", called from ").append(origin.frame());
      jar(text, origin);
    }
  }

  private static void jar(StringBuilder text, Code code) {
    if (code.jar() == null) {
      return;
    }
    text.append(" in ").append(code.jar());
    if (code.coordinates().size() == 1) {
      text.append(" (").append(code.coordinates().get(0)).append(')');
    } else if (!code.coordinates().isEmpty()) {
      text.append(" (one of ").append(String.join(", ", code.coordinates())).append(')');
    } else if (code.version() != null && code.told() != Told.FILE_NAME) {
      text.append(" (version ").append(code.version()).append(')');
    }
  }

  /** A later link of the chain, by whom if not by the same thread as the first one. */
  private static void link(StringBuilder text, Act first, Act act, Cut cut) {
    text.append("; then ").append(ActWords.call(act.kind()));
    if (act.thread().id() == cut.threadId()) {
      text.append(" by this thread itself");
    } else if (act.thread().id() != first.thread().id()) {
      text.append(" by ").append(thread(act.thread()));
    }
    text.append(' ').append(duration(act.beforeNanos())).append(" earlier");
  }

  private static String thread(ThreadInfo thread) {
    String kind = thread.virtual() ? "virtual thread" : "thread";
    String name = thread.name().isEmpty() ? "" : " \"" + thread.name() + "\"";
    return kind + name + " (id " + thread.id() + ")";
  }

  static String call(Deed deed) {
    return ActWords.call(ActWords.kind(deed.kind()));
  }

  /** With the unit that leaves the number short. */
  static String duration(long nanos) {
    double millis = nanos / 1e6;
    if (millis < 1_000) {
      return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }
    double seconds = millis / 1e3;
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return String.format(Locale.ROOT, "%.0f min", seconds / 60);
  }
}
