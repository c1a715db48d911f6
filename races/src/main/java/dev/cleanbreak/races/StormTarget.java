package dev.cleanbreak.races;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CleanStream;
import dev.cleanbreak.Cut;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import dev.cleanbreak.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A thread whose calls are cut again and again. It takes one shot at a time:
 *
 * <pre>
 *   FREE (armed == null) --shooter--&gt; ARMED --the cut call throws--&gt; FREE, in a new scope
 * </pre>
 *
 * <p>So the shot that stands names the only cut that may come, and a scope lives until its cut.
 */
final class StormTarget implements Runnable {
  private static final int MOST = 32 * 1024;
  private static final Duration SOON = Duration.ofMillis(1);

  private final StormLink link;
  private final CleanSocket socket;
  private final StormLink.Flow flow;
  private final boolean reads;
  private final boolean exact;
  private final SplittableRandom random;
  private final byte[] buffer = new byte[MOST];
  private final AtomicReference<@Nullable Shot> armed = new AtomicReference<>();
  private volatile CancelScope scope = CancelScope.open("storm");
  private volatile @Nullable Thread thread;
  private volatile boolean over;

  private StormTarget(
      StormLink link,
      CleanSocket socket,
      StormLink.Flow flow,
      boolean reads,
      boolean exact,
      SplittableRandom random) {
    this.link = link;
    this.socket = socket;
    this.flow = flow;
    this.reads = reads;
    this.exact = exact;
    this.random = random;
  }

  static StormTarget reader(StormLink link, CleanSocket socket, StormLink.Flow flow) {
    return new StormTarget(link, socket, flow, true, false, new SplittableRandom(0));
  }

  /** A writer: {@code exact} ones never carry. */
  static StormTarget writer(
      StormLink link,
      CleanSocket socket,
      StormLink.Flow flow,
      boolean exact,
      SplittableRandom random) {
    return new StormTarget(link, socket, flow, false, exact, random);
  }

  void runsOn(Thread own) {
    thread = own;
  }

  // ---- the shooter's side

  boolean isArmed() {
    return armed.get() != null;
  }

  /** Shoots; false if a shot stands already, the thread is done, or the kind does not fit. */
  boolean shoot(Shot shot) throws SocketException {
    boolean fits =
        switch (shot.kind()) {
          case READ_TIMEOUT -> reads;
          // A writer that carries would poison its output: the timeout is the carry's limit too.
          case WRITE_TIMEOUT -> exact;
          default -> true;
        };
    if (!fits || over || !armed.compareAndSet(null, shot)) {
      return false;
    }
    switch (shot.kind()) {
      case CANCEL -> scope.cancel(shot.reason());
      case DEADLINE -> scope.setDeadline(Deadline.after(SOON));
      case READ_TIMEOUT -> socket.setReadTimeout(SOON);
      case WRITE_TIMEOUT -> socket.setWriteTimeout(SOON);
      case INTERRUPT -> {
        Thread target = thread;
        if (target != null) {
          target.interrupt();
        }
      }
      case CLOSE, ABORT -> throw new AssertionError(shot);
    }
    return true;
  }

  // ---- the target's side

  @Override
  public void run() {
    try {
      while (!over) {
        lap();
      }
    } catch (IOException e) {
      if (reads) {
        flow.end = StormLink.End.BROKEN;
      }
      link.failed(reads ? "a read" : "a write", e);
    } finally {
      over = true;
      scope.close();
    }
  }

  /** Works until the next cut. */
  private void lap() throws IOException {
    try {
      scope.run(() -> {
        while (!over) {
          if (reads) {
            read(socket.getInputStream());
          } else {
            write(socket.getOutputStream(), socket.stream());
          }
        }
      });
    } catch (IOException e) {
      if (!(e instanceof CutException cut)) {
        throw e;
      }
      cut(cut);
    }
  }

  private void read(InputStream in) throws IOException {
    int n = in.read(buffer, 0, buffer.length);
    if (n < 0) {
      flow.end = StormLink.End.END_OF_STREAM;
      over = true;
    } else {
      flow.received(buffer, n);
    }
  }

  private void write(OutputStream out, CleanStream stream) throws IOException {
    if (link.isStopping()) {
      out.flush();
      socket.shutdownOutput();
      over = true;
      return;
    }
    int length = 1 + random.nextInt(MOST);
    flow.bytes.fill(buffer, length, flow.accepted);
    ByteBuffer source = ByteBuffer.wrap(buffer, 0, length);
    try {
      if (exact) {
        stream.writeFully(source);
      } else {
        out.write(buffer, 0, length);
      }
      flow.accepted += length;
    } catch (IOException e) {
      long moved = e instanceof CutException cut ? cut.bytesMoved() : 0;
      if (exact && moved != source.position()) {
        link.ledger.broke("counted " + moved + " bytes, took " + source.position() + ", " + flow);
      }
      flow.accepted += moved;
      throw e;
    }
  }

  /** A call was cut: by the shot that stands, or else something is wrong. */
  private void cut(CutException exception) throws SocketException {
    Cut cut = exception.cut();
    if (cut.kind() == CutKind.CLOSED) {
      if (reads) {
        flow.end = StormLink.End.BROKEN;
      }
      link.closedUnder(exception);
      over = true;
      return;
    }
    Shot shot = armed.get();
    if (shot == null || shot.kind().cut() != cut.kind()) {
      link.ledger.broke("a cut that nobody ordered (" + shot + "), " + link + ": " + cut);
    } else {
      link.ledger.cut(shot);
      if (shot.kind() == ShotKind.CANCEL && !shot.reason().equals(cut.reason())) {
        link.ledger.broke("a cut meant for another call (" + shot + "), " + link + ": " + cut);
      }
    }
    boolean interrupted = Thread.interrupted();
    if (interrupted != (cut.kind() == CutKind.INTERRUPTED)) {
      link.ledger.broke("the interrupt status was " + interrupted + " after " + cut);
    }
    scope = CancelScope.open("storm");
    forgetTimeouts();
    armed.set(null);
  }

  private void forgetTimeouts() throws SocketException {
    try {
      if (reads) {
        socket.setReadTimeout(Duration.ZERO);
      } else {
        socket.setWriteTimeout(Duration.ZERO);
      }
    } catch (SocketException e) {
      if (!socket.isClosed()) {
        throw e;
      }
    }
  }
}
