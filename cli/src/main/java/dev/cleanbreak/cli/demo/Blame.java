package dev.cleanbreak.cli.demo;

import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import dev.cleanbreak.CutOrigin;
import dev.cleanbreak.cli.demo.thirdparty.SpoolerTimer;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What an exception says of who ended the call: read out of its causes and their stacks, in the
 * same way for every kind of socket.
 *
 * @param cutKind the label of the kind of cut that it carries, or null
 * @param thread the thread that it names, or null
 * @param culprit the third-party code in its stacks, as Class.method, or null
 * @param agent the sentence that the agent has put into it, or null
 */
record Blame(
    Who who,
    @Nullable String cutKind,
    @Nullable String thread,
    @Nullable String culprit,
    @Nullable String agent) {
  private static final String THIRD_PARTY = SpoolerTimer.class.getPackageName() + ".";

  static Blame of(@Nullable Throwable thrown) {
    String kind = null;
    String thread = null;
    String culprit = null;
    String agent = null;
    boolean ownLimit = false;
    boolean unseen = false;
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof CutException cut) {
        kind = Label.of(cut.cut().kind());
        unseen |= saysUnseen(each, cut);
      }
      if (each instanceof CutOrigin origin) {
        thread = origin.threadName();
      }
      ownLimit |= each instanceof SocketTimeoutException;
      culprit = culprit == null ? thirdParty(each) : culprit;
      for (Throwable suppressed : each.getSuppressed()) {
        if (culprit == null && thirdParty(suppressed) != null) {
          culprit = thirdParty(suppressed);
          agent = suppressed.getMessage();
        }
      }
    }
    Who who = Who.SILENT;
    if (culprit != null) {
      who = Who.NAMED;
    } else if (unseen) {
      who = Who.UNSEEN;
    } else if (ownLimit) {
      who = Who.OWN_LIMIT;
    }
    return new Blame(who, kind, thread, culprit, agent);
  }

  private static boolean saysUnseen(Throwable each, CutException cut) {
    String message = each.getMessage();
    return cut.cut().kind() == CutKind.INTERRUPTED
        && cut.cut().origin() == null
        && message != null
        && message.contains("by an unknown thread");
  }

  /** The third-party frame nearest to the act. */
  private static @Nullable String thirdParty(Throwable each) {
    for (StackTraceElement frame : each.getStackTrace()) {
      if (frame.getClassName().startsWith(THIRD_PARTY)) {
        String type = frame.getClassName().substring(THIRD_PARTY.length());
        return type + "." + frame.getMethodName();
      }
    }
    return null;
  }
}
