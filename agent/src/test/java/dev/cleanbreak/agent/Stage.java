package dev.cleanbreak.agent;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Where a call is cut: a thread whose call it is, and one that cuts it. */
final class Stage {
  static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final boolean virtual;
  private final String name;
  private Thread victim;

  /**
   * What its call ended with; null if it returned. Written by the victim, read after it is gone.
   */
  private volatile Throwable thrown;

  private volatile boolean done;

  interface Deed {
    void run() throws Exception;
  }

  Stage(String name, boolean virtual) {
    this.name = name;
    this.virtual = virtual;
  }

  Thread victim() {
    return victim;
  }

  Throwable thrown() {
    return thrown;
  }

  boolean done() {
    return done;
  }

  /** Starts the victim. */
  Stage call(Callable<?> call) throws Exception {
    victim = start(virtual, victimName(), task(call));
    return this;
  }

  String victimName() {
    return "victim " + name;
  }

  String culpritName() {
    return "culprit " + name;
  }

  /** The call of a victim that somebody else starts. */
  Runnable task(Callable<?> call) {
    return () -> {
      try {
        call.call();
      } catch (Throwable e) {
        thrown = e;
      }
      done = true;
    };
  }

  /** Of a thread that is the victim. */
  ThreadFactory factory() {
    return task -> {
      try {
        victim = unstarted(virtual, victimName(), task);
        return victim;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** Waits until the victim waits. */
  Stage waits() {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    StackTraceElement[] last = {};
    for (int same = 0; same < 3; ) {
      StackTraceElement[] stack = victim.getStackTrace();
      boolean waiting = Arrays.stream(stack).limit(3).anyMatch(Stage::isWaiting);
      same = waiting && Arrays.equals(stack, last) ? same + 1 : 0;
      last = stack;
      if (System.nanoTime() - deadline > 0 || done) {
        throw new IllegalStateException(
            "the victim does not wait: " + thrown + " " + Arrays.toString(stack));
      }
      LockSupport.parkNanos(1_000_000);
    }
    return this;
  }

  /** A platform thread waits in the kernel or the JVM, a virtual one has yielded. */
  private static boolean isWaiting(StackTraceElement frame) {
    String method = frame.getMethodName();
    return frame.isNativeMethod() || method.startsWith("park") || method.startsWith("yield");
  }

  /** Lets the culprit do it, on a thread of its own, and waits until that has. */
  Stage by(Deed deed) throws Exception {
    Throwable[] failure = new Throwable[1];
    Thread culprit =
        start(
            false,
            culpritName(),
            () -> {
              try {
                deed.run();
              } catch (Throwable e) {
                failure[0] = e;
              }
            });
    culprit.join();
    if (failure[0] != null) {
      throw new IllegalStateException("the culprit could not", failure[0]);
    }
    return this;
  }

  /** Waits until the victim's call has ended; false if it does not. */
  boolean ends(long nanos) throws InterruptedException {
    victim.join(TimeUnit.NANOSECONDS.toMillis(nanos));
    return done;
  }

  static Thread start(boolean virtual, String name, Runnable task) throws Exception {
    Thread thread = unstarted(virtual, name, task);
    thread.start();
    return thread;
  }

  private static Thread unstarted(boolean virtual, String name, Runnable task) throws Exception {
    if (!virtual) {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    }
    // Thread.ofVirtual().name(name).unstarted(task): this is compiled for 17.
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    Class<?> type = Class.forName("java.lang.Thread$Builder");
    type.getMethod("name", String.class).invoke(builder, name);
    return (Thread) type.getMethod("unstarted", Runnable.class).invoke(builder, task);
  }
}
