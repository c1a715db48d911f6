package dev.cleanbreak.agent.boot;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A call that was ended: how, and the deeds that are known to have to do with it. */
public final class Cut {
  private static final AtomicLong LAST_ID = new AtomicLong();

  private final long id = LAST_ID.incrementAndGet();
  private final Ending ending;
  private final List<Deed> chain;
  private final String threadName;
  private final long threadId;
  private final boolean virtual;
  private final @Nullable String local;
  private final @Nullable String remote;
  private final @Nullable String exception;
  private final @Nullable String message;
  private final String target;
  private final long nanoTime = System.nanoTime();
  private final long epochMicros;

  /** What was thrown, for its stack; gone when the teller has read it. */
  private volatile @Nullable Throwable thrown;

  /** What the agent has made of it. */
  private volatile @Nullable Object told;

  /** The same in one sentence: it outlives the agent. */
  private volatile @Nullable String sentence;

  Cut(
      Ending ending,
      List<Deed> chain,
      @Nullable Thread thread,
      Object self,
      @Nullable String local,
      @Nullable String remote,
      @Nullable Throwable thrown) {
    this.ending = ending;
    this.chain = chain;
    threadName = thread == null ? "" : thread.getName();
    threadId = thread == null ? 0 : Threads.id(thread);
    virtual = thread != null && Threads.isVirtual(thread);
    this.local = local;
    this.remote = remote;
    exception = thrown == null ? null : thrown.getClass().getName();
    message = thrown == null ? null : thrown.getMessage();
    target = self.getClass().getName();
    this.thrown = thrown;
    Instant now = Instant.now();
    epochMicros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  /** Its number in this JVM. */
  public long id() {
    return id;
  }

  public Ending ending() {
    return ending;
  }

  /** Oldest first. */
  public List<Deed> chain() {
    return chain;
  }

  public String threadName() {
    return threadName;
  }

  /** The id of the thread whose call it was; 0 if no thread waited. */
  public long threadId() {
    return threadId;
  }

  public boolean virtual() {
    return virtual;
  }

  public @Nullable String local() {
    return local;
  }

  public @Nullable String remote() {
    return remote;
  }

  public @Nullable String exception() {
    return exception;
  }

  public @Nullable String message() {
    return message;
  }

  /** The class of the socket, channel or selector, or of the exception if there is none. */
  public String target() {
    return target;
  }

  /** When, on the clock of {@link System#nanoTime}. */
  public long nanoTime() {
    return nanoTime;
  }

  /** When, in microseconds since 1970. */
  public long epochMicros() {
    return epochMicros;
  }

  public @Nullable Throwable thrown() {
    return thrown;
  }

  public @Nullable Object told() {
    return told;
  }

  @Nullable String sentence() {
    return sentence;
  }

  /** Keeps what was made of it, and lets go of the exception. */
  public void told(Object record, String words) {
    sentence = words;
    told = record;
    thrown = null;
  }
}
