package dev.cleanbreak.agent.boot;

import org.jspecify.annotations.Nullable;

/**
 * Who ended a call: a suppressed exception of the one that the call ended with. Its message is a
 * sentence, its stack is that of who did it, or empty if nobody in this JVM did.
 */
public final class Culprit extends Throwable {
  private static final long serialVersionUID = 1;
  private static final StackTraceElement[] NO_STACK = {};

  private final transient @Nullable Cut cut;

  Culprit(Cut cut) {
    super(null, null, false, true);
    this.cut = cut;
    setStackTrace(cut.chain().isEmpty() ? NO_STACK : cut.chain().get(0).stack());
  }

  /** Not {@code fillInStackTrace}: the stack of the victim is in the exception already. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  @Override
  public String getMessage() {
    return cut == null ? "cut" : Recorder.sentence(cut);
  }

  /** Leaves the JVM as what every other one knows, too. */
  private Object writeReplace() {
    Throwable plain = new Throwable(getMessage());
    plain.setStackTrace(getStackTrace());
    return plain;
  }
}
