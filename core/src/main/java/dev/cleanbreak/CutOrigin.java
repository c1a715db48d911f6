package dev.cleanbreak;

/**
 * Where a cut came from: the thread that made it, with its stack. It is a throwable so that it can
 * stand as the cause of the victim's exception and be printed with it; nobody throws it. It holds
 * names and frames, never the {@link Thread}.
 */
public final class CutOrigin extends Exception {
  private static final long serialVersionUID = 1;

  private final String threadName;
  private final long threadId;

  private CutOrigin(String message, Thread thread) {
    super(message);
    this.threadName = thread.getName();
    this.threadId = thread.threadId();
  }

  /** The current thread, seen doing {@code what}. */
  static CutOrigin here(String what) {
    Thread thread = Thread.currentThread();
    return new CutOrigin(what + " by " + describe(thread), thread);
  }

  /** The name of the thread that cut; empty for an unnamed virtual thread. */
  public String threadName() {
    return threadName;
  }

  /** The {@linkplain Thread#threadId() id} of the thread that cut. */
  public long threadId() {
    return threadId;
  }

  static String describe(Thread thread) {
    return "thread \"" + thread.getName() + "\" #" + thread.threadId();
  }
}
