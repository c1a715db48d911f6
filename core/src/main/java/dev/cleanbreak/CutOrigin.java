package dev.cleanbreak;

/**
 * Where a cut came from: the thread that made it, with its stack. It is a throwable so that it can
 * stand as the cause of the victim's exception and be printed with it; nobody throws it. It holds
 * names and frames, never the {@link Thread}.
 */
public final class CutOrigin extends Exception {
  private static final long serialVersionUID = 1;

  private final String what;
  private final String threadName;
  private final long threadId;

  private CutOrigin(String what, Thread thread) {
    this.what = what;
    this.threadName = thread.getName();
    this.threadId = thread.threadId();
  }

  /** The current thread, seen doing {@code what}. */
  static CutOrigin here(String what) {
    return new CutOrigin(what, Thread.currentThread());
  }

  /** Put together when asked for: the thread that cuts is often in a hurry. */
  @Override
  public String getMessage() {
    return what + " by thread \"" + threadName + "\" #" + threadId;
  }

  /** The name of the thread that cut; empty for an unnamed virtual thread. */
  public String threadName() {
    return threadName;
  }

  /** The {@linkplain Thread#threadId() id} of the thread that cut. */
  public long threadId() {
    return threadId;
  }
}
