package dev.cleanbreak.races;

import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CutException;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the storm, from its opening to the check of its two streams, with four threads.
 *
 * <p>Two kinds, so that calls wait nearly always and are worth a cut. In a <em>jam</em> the near
 * end writes without a pause to a slow socket of the JDK and reads what it sends now and then: both
 * calls of the near end are targets. In a <em>talk</em> two Cleanbreak sockets send each other
 * something now and then: the two reads are targets.
 */
final class StormLink {
  /** How a stream ended for its reader. */
  enum End {
    OPEN,
    END_OF_STREAM,
    BROKEN
  }

  /** One direction: what its writer was told, and what its reader found. */
  final class Flow {
    final StreamBytes bytes;

    /** The bytes that the writer was told are accepted. The writer's own, until all have ended. */
    long accepted;

    /** What a write that failed may have sent on top. */
    long unsure;

    /** The writer was told that the connection broke; its own, as above. */
    boolean writeFailed;

    /** The reader's own, until all have ended. */
    long received;

    End end = End.OPEN;

    Flow(long seed) {
      bytes = new StreamBytes(seed);
    }

    void received(byte[] read, int length) {
      int wrong = bytes.mismatch(read, length, received);
      if (wrong >= 0) {
        ledger.broke("byte " + (received + wrong) + " is not the one that was sent, " + this);
      }
      received += length;
      ledger.bytes.add(length);
    }

    @Override
    public String toString() {
      return (this == outward ? "from" : "to")
          + " the near end of "
          + StormLink.this
          + ": accepted "
          + accepted
          + ", unsure "
          + unsure
          + ", received "
          + received
          + ", "
          + end;
    }
  }

  final boolean jam;
  final CleanSocket near;
  final Socket far;
  final StormLedger ledger;
  final SplittableRandom random;
  final Flow outward;
  final Flow inward;
  private final String name;
  private final long pauseNanos;
  private final AtomicReference<@Nullable Shot> closing = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<StormTarget> targets = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger(4);
  private final Runnable over;
  private volatile boolean stopping;

  StormLink(
      String name,
      boolean jam,
      CleanSocket near,
      Socket far,
      StormLedger ledger,
      SplittableRandom random,
      long pauseNanos,
      Runnable over) {
    this.name = name;
    this.jam = jam;
    this.near = near;
    this.far = far;
    this.ledger = ledger;
    this.random = random;
    this.pauseNanos = pauseNanos;
    this.over = over;
    this.outward = new Flow(random.nextLong());
    this.inward = new Flow(random.nextLong());
  }

  /** Starts the four threads; the targets are on platform threads if {@code platform}. */
  void start(boolean platform, boolean exact) throws IOException {
    List<Runnable> work = new ArrayList<>();
    StormTarget reader = StormTarget.reader(this, near, inward);
    targets.add(reader);
    work.add(reader);
    if (jam) {
      StormTarget writer = StormTarget.writer(this, near, outward, exact, random.split());
      targets.add(writer);
      work.add(writer);
      work.add(new StormPeer(this, far, outward, true, random.split()));
    } else {
      StormTarget farReader = StormTarget.reader(this, (CleanSocket) far, outward);
      targets.add(farReader);
      work.add(farReader);
      work.add(new StormPeer(this, near, outward, false, random.split()));
    }
    work.add(new StormPeer(this, far, inward, false, random.split()));
    for (Runnable each : work) {
      Thread.Builder builder =
          platform && each instanceof StormTarget
              ? Thread.ofPlatform().daemon()
              : Thread.ofVirtual();
      Thread thread = builder.name("storm-" + name).unstarted(() -> run(each));
      if (each instanceof StormTarget target) {
        target.runsOn(thread);
      }
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      ledger.broke("a thread of " + this + " failed: " + e);
    } finally {
      if (running.decrementAndGet() == 0) {
        finish();
      }
    }
  }

  // ---- what the shooter does

  List<StormTarget> targets() {
    return targets;
  }

  /** Closes or aborts the near end; false if that was done before. */
  boolean close(Shot shot) {
    if (stopping || !closing.compareAndSet(null, shot)) {
      return false;
    }
    if (shot.kind() == ShotKind.ABORT) {
      near.abort();
    } else {
      near.close();
    }
    hurry();
    return true;
  }

  /** Lets the streams come to their ends. */
  void stop() {
    stopping = true;
    hurry();
  }

  private void hurry() {
    threads.forEach(LockSupport::unpark);
  }

  // ---- what the threads ask

  boolean isStopping() {
    return stopping;
  }

  @Nullable Shot closing() {
    return closing.get();
  }

  /** A rest of a slow reader; none when the link comes to its end, which waits for all it has. */
  void pause(SplittableRandom own) {
    if (closing.get() == null) {
      rest(own);
    }
  }

  /**
   * A rest of a writer: also in a link that is being closed, which it would else fill as fast as it
   * can. Some of those at a time leave no time to the threads that are shot at.
   */
  void rest(SplittableRandom own) {
    if (!stopping) {
      LockSupport.parkNanos(this, own.nextLong(pauseNanos, 2 * pauseNanos));
    }
  }

  /** An exception that is no cut: in order while the link is being closed, else not. */
  void failed(String call, IOException e) {
    boolean expected = closing.get() != null && !String.valueOf(e.getMessage()).contains("poison");
    if (!expected) {
      ledger.broke(call + " failed, " + this + ": " + e);
    }
  }

  /** The near end was closed under a call. */
  void closedUnder(CutException cut) {
    Shot by = closing.get();
    if (by == null) {
      ledger.broke("a cut by a close that nobody made, " + this + ": " + cut.cut());
    } else {
      ledger.cut(by);
    }
  }

  // ---- the end

  private void finish() {
    near.close();
    try {
      far.close();
    } catch (IOException e) {
      ledger.broke("close failed, " + this + ": " + e);
    }
    Shot by = closing.get();
    check(outward, by);
    check(inward, by);
    for (StormTarget target : targets) {
      if (target.isArmed()) {
        ledger.overtaken.increment();
      }
    }
    over.run();
  }

  private void check(Flow flow, @Nullable Shot by) {
    ledger.streamsChecked.increment();
    long most = flow.accepted + flow.unsure;
    boolean whole = flow.received >= flow.accepted && flow.received <= most;
    boolean ok;
    if (by == null) {
      ok = flow.end == End.END_OF_STREAM && whole;
    } else if (flow != outward) {
      ok = flow.received <= most;
    } else if (flow.end == End.END_OF_STREAM) {
      // An end of stream says that this was all; an abort must not say so.
      // Only of a peer that wrote as well this proves nothing: the kernel reports a reset once,
      // to the call that meets it first, and an end of stream to every other.
      ok = inward.writeFailed ? flow.received <= most : by.kind() == ShotKind.CLOSE && whole;
    } else {
      ok = flow.received <= most;
    }
    if (!ok) {
      ledger.broke("a broken stream after " + (by == null ? "the end" : by.kind()) + ", " + flow);
    }
  }

  @Override
  public String toString() {
    return "link " + name + (jam ? " (jam)" : " (talk)");
  }
}
