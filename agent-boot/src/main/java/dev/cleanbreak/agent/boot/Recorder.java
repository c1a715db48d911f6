package dev.cleanbreak.agent.boot;

import java.net.SocketAddress;
import java.net.SocketImpl;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.NetworkChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The probes' other end. Its methods run inside {@code Thread.interrupt} and {@code close} of any
 * thread, under any lock: they throw nothing, log nothing, wait for nothing, and do as little as
 * will do. Those named after a method of the JDK are called at its entry; the others where a call
 * has ended with an exception, or ends without.
 */
public final class Recorder {
  /** So many cuts wait for the agent; those beyond are counted and lost. */
  private static final int MOST_WAITING = 4096;

  private static final int MOST_CAUSES = 5;

  private static final DeedTable DEEDS = new DeedTable();
  private static final ConcurrentLinkedQueue<Cut> CUTS = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger WAITING = new AtomicInteger();
  private static final AtomicInteger LOST = new AtomicInteger();

  private static volatile boolean on;
  private static volatile @Nullable Teller teller;
  private static volatile @Nullable Thread taker;

  private Recorder() {}

  // Probes: who did something.

  public static void interrupt(Object target) {
    if (on) {
      try {
        interrupted((Thread) target);
      } catch (Throwable e) {
        lost();
      }
    }
  }

  private static void interrupted(Thread target) {
    Deed earlier = DEEDS.find(Deed.Kind.INTERRUPT, target);
    if (earlier != null && target.isInterrupted()) {
      return; // The flag is up already: whoever raised it is to blame.
    }
    Deed before = null;
    if (earlier != null && target == Thread.currentThread()) {
      before = earlier.before() == null ? earlier : earlier.before();
    }
    DEEDS.put(new Deed(Deed.Kind.INTERRUPT, target, before), target);
  }

  public static void close(Object target) {
    first(Deed.Kind.CLOSE, target);
  }

  public static void shutdownInput(Object target) {
    first(Deed.Kind.SHUTDOWN_INPUT, target);
  }

  public static void shutdownOutput(Object target) {
    first(Deed.Kind.SHUTDOWN_OUTPUT, target);
  }

  /** What is done a second time has no effect: the first one stands. */
  private static void first(Deed.Kind kind, Object target) {
    if (on) {
      try {
        if (DEEDS.find(kind, target) == null) {
          DEEDS.put(new Deed(kind, target, interruptOfThisThread()), target);
        }
      } catch (Throwable e) {
        lost();
      }
    }
  }

  /** A thread that was interrupted closes what it stands on, or what it leaves. */
  private static @Nullable Deed interruptOfThisThread() {
    Thread me = Thread.currentThread();
    Deed interrupt = me.isInterrupted() ? DEEDS.find(Deed.Kind.INTERRUPT, me) : null;
    return interrupt == null || interrupt.consumed() ? null : interrupt;
  }

  public static void setTimeout(Object target) {
    if (on) {
      try {
        DEEDS.put(new Deed(Deed.Kind.SET_TIMEOUT, target, null), target);
      } catch (Throwable e) {
        lost();
      }
    }
  }

  // Probes: who was hit.

  /** A call on {@code self} ends with {@code thrown}. */
  public static void thrown(
      Object self, Throwable thrown, @Nullable Object local, @Nullable Object remote) {
    if (on) {
      try {
        Ending ending = Ending.of(thrown);
        // A socket's limit is known by the Socket, which the exception passes a little later.
        boolean later = ending == Ending.TIMED_OUT && self instanceof SocketImpl;
        if (ending != null && !later && !hasCulprit(thrown)) {
          cut(ending, chain(ending, self), Thread.currentThread(), self, thrown, local, remote);
        }
      } catch (Throwable e) {
        lost();
      }
    }
  }

  /**
   * The same of any channel. Network channels are left to their own probes, which know addresses.
   */
  public static void thrownInChannel(
      Object self, Throwable thrown, @Nullable Object local, @Nullable Object remote) {
    if (!(self instanceof NetworkChannel)) {
      thrown(self, thrown, local, remote);
    }
  }

  /** A read on {@code self} finds the end of the stream. That is a cut only if this end made it. */
  public static void ended(Object self, @Nullable Object local, @Nullable Object remote) {
    if (on) {
      try {
        Deed shutdown = DEEDS.find(Deed.Kind.SHUTDOWN_INPUT, self);
        Deed deed = shutdown != null ? shutdown : DEEDS.find(Deed.Kind.CLOSE, self);
        Thread me = Thread.currentThread();
        if (deed != null && deed.threadId() != Threads.id(me)) {
          cut(Ending.END_OF_STREAM, withCauses(deed), me, self, null, local, remote);
        }
      } catch (Throwable e) {
        lost();
      }
    }
  }

  /** A select on {@code selector} by {@code thread} returns, because that was interrupted. */
  public static void selectInterrupted(Object selector, @Nullable Object thread) {
    if (on) {
      try {
        Deed deed = thread == null ? null : DEEDS.find(Deed.Kind.INTERRUPT, thread);
        // A selector that is none of the JDK's is a hook of somebody, and nobody selects.
        if (deed != null && selector.getClass().getClassLoader() == null) {
          cut(
              Ending.SELECT_INTERRUPTED,
              withCauses(deed),
              (Thread) thread,
              selector,
              null,
              null,
              null);
        }
      } catch (Throwable e) {
        lost();
      }
    }
  }

  /** A select by a virtual thread, which is no more than a poll, returns. */
  public static void selectReturned(Object selector) {
    if (on && Thread.currentThread().isInterrupted()) {
      selectInterrupted(selector, Thread.currentThread());
    }
  }

  /** An exception is made that says all by itself: an interrupt, an asynchronous close. */
  public static void born(Object made) {
    if (on) {
      try {
        Throwable exception = (Throwable) made;
        if (exception instanceof AsynchronousCloseException) {
          closedAsynchronously(exception);
        } else {
          waitInterrupted(exception);
        }
      } catch (Throwable e) {
        lost();
      }
    }
  }

  private static void waitInterrupted(Throwable exception) {
    Thread me = Thread.currentThread();
    Deed deed = DEEDS.find(Deed.Kind.INTERRUPT, me);
    if (deed != null && !deed.consumed()) {
      deed.consume();
      cut(Ending.INTERRUPTED, withCauses(deed), me, exception, exception, null, null);
    }
  }

  /** What waits on an asynchronous channel ends in the thread that closes it. */
  private static void closedAsynchronously(Throwable exception) {
    if (exception.getClass() != AsynchronousCloseException.class) {
      return;
    }
    Deed deed = DEEDS.lastAsynchronousClose(Threads.id(Thread.currentThread()));
    Object channel = deed == null ? null : deed.target();
    if (deed != null && channel != null && isUnderWay(deed)) {
      cut(Ending.CLOSED, List.of(deed), null, channel, exception, null, null);
    }
  }

  /** Whether that close is what this thread is at: it is done within a moment. */
  private static boolean isUnderWay(Deed deed) {
    return System.nanoTime() - deed.nanoTime() < 1_000_000_000L;
  }

  // How the two are joined.

  private static List<Deed> chain(Ending ending, Object self) {
    if (ending == Ending.TIMED_OUT) {
      return listOf(DEEDS.find(Deed.Kind.SET_TIMEOUT, self));
    }
    if (ending == Ending.INTERRUPTED) {
      Deed interrupt = DEEDS.find(Deed.Kind.INTERRUPT, Thread.currentThread());
      return interrupt == null ? List.of() : withCauses(interrupt);
    }
    Deed close = DEEDS.find(Deed.Kind.CLOSE, self);
    if (close == null) {
      Deed shutdown = DEEDS.find(Deed.Kind.SHUTDOWN_OUTPUT, self);
      return listOf(shutdown != null ? shutdown : DEEDS.find(Deed.Kind.SHUTDOWN_INPUT, self));
    }
    return withCauses(close);
  }

  private static List<Deed> withCauses(Deed deed) {
    List<Deed> chain = new ArrayList<>();
    for (Deed cause = deed; cause != null && chain.size() < MOST_CAUSES; cause = cause.before()) {
      chain.add(0, cause);
    }
    return chain;
  }

  private static List<Deed> listOf(@Nullable Deed deed) {
    return deed == null ? List.of() : List.of(deed);
  }

  private static boolean hasCulprit(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      for (Throwable suppressed : cause.getSuppressed()) {
        if (suppressed instanceof Culprit) {
          return true;
        }
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static void cut(
      Ending ending,
      List<Deed> chain,
      @Nullable Thread thread,
      Object self,
      @Nullable Throwable thrown,
      @Nullable Object local,
      @Nullable Object remote) {
    Cut cut = new Cut(ending, chain, thread, self, text(local), text(remote), thrown);
    if (thrown != null) {
      thrown.addSuppressed(new Culprit(cut));
    }
    if (chain.isEmpty() || !chain.get(0).wasToldTo(cut.threadId())) {
      offer(cut);
    }
  }

  /** An address of the JDK's; the words of a {@link SocketImpl}, which hides its own, hold both. */
  private static @Nullable String text(@Nullable Object address) {
    boolean telling =
        address instanceof SocketAddress
            || (address instanceof SocketImpl && address.getClass().getClassLoader() == null);
    return telling ? String.valueOf(address) : null;
  }

  private static void offer(Cut cut) {
    if (WAITING.incrementAndGet() > MOST_WAITING) {
      WAITING.decrementAndGet();
      lost();
      return;
    }
    CUTS.add(cut);
    LockSupport.unpark(taker);
  }

  private static void lost() {
    LOST.incrementAndGet();
  }

  // For the agent.

  /** Begins to record. */
  public static void start(Teller newTeller) {
    teller = newTeller;
    on = true;
  }

  /** Ends it, and forgets everything. */
  public static void stop() {
    on = false;
    taker = null;
    teller = null;
    CUTS.clear();
    WAITING.set(0);
    LOST.set(0);
    DEEDS.sweep(System.nanoTime(), -1);
  }

  /** Whether it records: whether an agent is at work. */
  public static boolean isOn() {
    return on;
  }

  /** The thread to wake when there is a cut to take. */
  public static void taker(Thread thread) {
    taker = thread;
  }

  /** The next cut that nobody has taken, null if there is none. */
  public static @Nullable Cut take() {
    Cut cut = CUTS.poll();
    if (cut != null) {
      WAITING.decrementAndGet();
    }
    return cut;
  }

  /** Whether no cut waits to be taken. */
  public static boolean isEmpty() {
    return CUTS.isEmpty();
  }

  /** How many cuts or deeds could not be kept since this was asked last. */
  public static int takeLost() {
    return LOST.getAndSet(0);
  }

  /** Forgets deeds older than that. */
  public static void sweep(long mostNanos) {
    DEEDS.sweep(System.nanoTime(), mostNanos);
  }

  static String sentence(Cut cut) {
    String known = cut.sentence();
    if (known != null) {
      return known;
    }
    Teller words = teller;
    if (words != null) {
      try {
        return words.sentence(cut);
      } catch (RuntimeException | Error e) {
        lost();
      }
    }
    List<Deed> chain = cut.chain();
    if (chain.isEmpty()) {
      return "cut by nobody in this JVM";
    }
    Deed deed = chain.get(0);
    return "cut by thread \"" + deed.threadName() + "\" (id " + deed.threadId() + ")";
  }
}
