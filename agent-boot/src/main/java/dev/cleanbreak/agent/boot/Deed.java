package dev.cleanbreak.agent.boot;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a thread did to another thread, or to a socket, a channel or a selector. A throwable because
 * that is the cheapest way to keep a stack: its frames are put into words only if somebody was hit.
 */
public final class Deed extends Throwable {
  private static final long serialVersionUID = 1;

  /** What was done. */
  public enum Kind {
    INTERRUPT,
    CLOSE,
    SHUTDOWN_INPUT,
    SHUTDOWN_OUTPUT,
    SET_TIMEOUT
  }

  /** At most so many threads are kept that were told of one deed; more are told twice. */
  private static final int MOST_TOLD = 8;

  private static final String OWN_PACKAGE = Deed.class.getPackageName() + ".";

  private final Kind kind;
  private final transient WeakReference<Object> target;
  private final String threadName;
  private final long threadId;
  private final boolean virtual;
  private final long nanoTime = System.nanoTime();

  /**
   * What led to it. To an interrupt of a thread by itself, which mostly puts back the flag that an
   * {@code InterruptedException} took: the interrupt before that. To a close by a thread that has
   * been interrupted: that interrupt.
   */
  private final transient @Nullable Deed before;

  /**
   * Whether an {@code InterruptedException} has taken the flag. Races lose nothing that matters.
   */
  private transient boolean consumed;

  /** The threads whose cut by this has been told; 0 is a free place. Races tell a cut twice. */
  private final transient long[] told = new long[MOST_TOLD];

  Deed(Kind kind, Object target, @Nullable Deed before) {
    super(null, null, false, true);
    this.kind = kind;
    this.target = new WeakReference<>(target);
    this.before = before;
    Thread thread = Thread.currentThread();
    threadName = thread.getName();
    threadId = Threads.id(thread);
    virtual = Threads.isVirtual(thread);
  }

  public Kind kind() {
    return kind;
  }

  public String threadName() {
    return threadName;
  }

  public long threadId() {
    return threadId;
  }

  public boolean virtual() {
    return virtual;
  }

  /** When, on the clock of {@link System#nanoTime}. */
  public long nanoTime() {
    return nanoTime;
  }

  public @Nullable Deed before() {
    return before;
  }

  @Nullable Object target() {
    return target.get();
  }

  boolean isAt(Kind aKind, Object aTarget) {
    return kind == aKind && target.refersTo(aTarget);
  }

  boolean consumed() {
    return consumed;
  }

  void consume() {
    consumed = true;
  }

  /** Whether the cut of that thread by this deed has been told; from now on it has. */
  boolean wasToldTo(long thread) {
    if (thread == 0) {
      return false; // No thread waits: each such cut is another one.
    }
    for (int i = 0; i < MOST_TOLD; i++) {
      if (told[i] == thread) {
        return true;
      }
      if (told[i] == 0) {
        told[i] = thread;
        return false;
      }
    }
    return false;
  }

  /** The stack of who did it, without the probe on its top. */
  public StackTraceElement[] stack() {
    StackTraceElement[] frames = getStackTrace();
    int own = 0;
    while (own < frames.length && frames[own].getClassName().startsWith(OWN_PACKAGE)) {
      own++;
    }
    return Arrays.copyOfRange(frames, own, frames.length);
  }
}
