package dev.cleanbreak.races;

import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One storm: opens the connections, shoots for a while, lets the streams end, checks them. */
final class StormRun {
  private static final int BUFFER = 16 * 1024;
  private static final int BACKLOG = 50;
  private static final long PAUSE_PER_CONNECTION = TimeUnit.MICROSECONDS.toNanos(400);
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final long LIMIT_SECONDS = 60;
  private static final int TRIES = 100;

  /** Of a thousand shots, how many close and how many abort: each costs a connection. */
  private static final int CLOSES = 8;

  private static final ShotKind[] OTHERS = {
    ShotKind.CANCEL,
    ShotKind.DEADLINE,
    ShotKind.READ_TIMEOUT,
    ShotKind.WRITE_TIMEOUT,
    ShotKind.INTERRUPT
  };

  private final StormPlan plan;
  private final SplittableRandom random;
  private final StormLedger ledger = new StormLedger();
  private final AtomicReferenceArray<StormLink> links;
  private final ServerSocket listener;
  private final CleanServerSocket cleanListener;
  private final Object opening = new Object();
  private final CountDownLatch ended;
  private volatile boolean stopping;
  private long serial;

  StormRun(StormPlan plan) throws IOException {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed());
    this.links = new AtomicReferenceArray<>(plan.connections());
    this.ended = new CountDownLatch(plan.connections());
    InetAddress loopback = InetAddress.getLoopbackAddress();
    this.listener = new ServerSocket();
    listener.setReceiveBufferSize(BUFFER);
    listener.bind(new InetSocketAddress(loopback, 0), BACKLOG);
    this.cleanListener = new CleanServerSocket(0, BACKLOG, loopback);
  }

  /** Runs the storm; {@code progress} is told of the ledger once a second. */
  StormLedger run(Consumer<StormLedger> progress) throws IOException, InterruptedException {
    try (StormForks forks = new StormForks(plan.forks(), ledger)) {
      for (int i = 0; i < plan.connections(); i++) {
        open(i);
      }
      forks.start();
      shoot(progress);
      awaitShots();
      stop();
      if (!ended.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        ledger.broke(ended.getCount() + " connections did not end within " + LIMIT_SECONDS + " s");
      }
    } finally {
      listener.close();
      cleanListener.close();
    }
    return ledger;
  }

  // ---- connections

  private void open(int index) throws IOException {
    boolean jam = (index & 2) == 0;
    StormLink link;
    synchronized (opening) {
      CleanSocket near = new CleanSocket();
      near.setSendBufferSize(BUFFER);
      ServerSocket accepting = jam ? listener : cleanListener;
      near.connect(accepting.getLocalSocketAddress());
      Socket far = accepting.accept();
      link =
          new StormLink(
              index + "." + ledger.opened.incrementAndGet(),
              jam,
              near,
              far,
              ledger,
              random.split(),
              Math.max(SHORTEST_PAUSE, PAUSE_PER_CONNECTION * plan.connections()),
              () -> over(index));
    }
    link.start((index & 1) == 0, (index & 4) == 0);
    links.set(index, link);
    if (stopping) {
      link.stop();
    }
  }

  /** A connection has ended: the next one takes its place, on a thread without a past. */
  private void over(int index) {
    if (stopping) {
      ended.countDown();
      return;
    }
    Thread.ofVirtual()
        .name("storm-open")
        .start(() -> {
          try {
            open(index);
          } catch (IOException | RuntimeException e) {
            ledger.broke("a connection could not be opened: " + e);
            ended.countDown();
          }
        });
  }

  private void stop() {
    stopping = true;
    for (int i = 0; i < links.length(); i++) {
      links.get(i).stop();
    }
  }

  // ---- shots

  private void shoot(Consumer<StormLedger> progress) throws SocketException {
    long began = System.nanoTime();
    long length = TimeUnit.SECONDS.toNanos(plan.seconds());
    long shot = 0;
    long told = 0;
    SplittableRandom aim = random.split();
    for (long passed; (passed = System.nanoTime() - began) < length; ) {
      long due = (long) (passed * (plan.rate() / 1e9));
      while (shot < due && System.nanoTime() - began < length) {
        shootOne(aim);
        shot++;
      }
      if (passed - told > TimeUnit.SECONDS.toNanos(1)) {
        told = passed;
        progress.accept(ledger);
      }
      LockSupport.parkNanos(this, STEP_NANOS);
    }
  }

  private void shootOne(SplittableRandom aim) throws SocketException {
    int kind = aim.nextInt(1000);
    for (int i = 0; i < TRIES; i++) {
      StormLink link = links.get(aim.nextInt(links.length()));
      if (kind < 2 * CLOSES) {
        ShotKind end = kind < CLOSES ? ShotKind.CLOSE : ShotKind.ABORT;
        if (link.close(new Shot(end, ++serial, System.nanoTime()))) {
          return;
        }
      } else {
        ShotKind other = OTHERS[kind % OTHERS.length];
        // A timeout counts from the beginning of the wait, which may have passed it by now.
        long due = System.nanoTime() + (other == ShotKind.DEADLINE ? SOON_NANOS : 0);
        StormTarget target = link.targets().get(aim.nextInt(link.targets().size()));
        if (shootAt(link, target, new Shot(other, ++serial, due))) {
          return;
        }
      }
    }
  }

  private static boolean shootAt(StormLink link, StormTarget target, Shot shot)
      throws SocketException {
    try {
      return target.shoot(shot);
    } catch (SocketException e) {
      // The link was closed under the shot: a setter of a closed socket throws.
      if (link.closing() == null) {
        throw e;
      }
      return true;
    }
  }

  /** Every shot must have found its call; those that have not after a while are missed. */
  private void awaitShots() {
    long began = System.nanoTime();
    long limit = TimeUnit.SECONDS.toNanos(LIMIT_SECONDS / 2);
    for (int i = 0; i < links.length(); i++) {
      StormLink link = links.get(i);
      for (StormTarget target : link.targets()) {
        while (target.isArmed() && link.closing() == null && System.nanoTime() - began < limit) {
          LockSupport.parkNanos(this, STEP_NANOS);
        }
        if (target.isArmed() && link.closing() == null) {
          ledger.missed.incrementAndGet();
          ledger.broke("a shot was missed, " + link);
        }
      }
    }
  }
}
