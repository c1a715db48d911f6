package dev.cleanbreak.cli.demo;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.Deadline;
import dev.cleanbreak.cli.demo.Row.Ending;
import dev.cleanbreak.cli.demo.thirdparty.PoolReaper;
import dev.cleanbreak.cli.demo.thirdparty.SpoolerTimer;
import dev.cleanbreak.cli.demo.thirdparty.StatusWindow;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs one cell from the first connection to the printer's account.
 *
 * <pre>
 *   connect, and block in the call --&gt; cut --&gt; wait for the call's end, up to the limit
 *     --&gt; clear the jam --&gt; finish on the same connection, or else on a new one --&gt; ledger
 * </pre>
 */
final class CellRun {
  /** A call that has stood still for so long is blocked: the printer takes nothing. */
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

  /** The timeouts and the deadline of the ways that have one. */
  private static final Duration OWN_LIMIT = Duration.ofMillis(400);

  private static final long UNTIL_BLOCKED_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** For a thread to come back from something that does not wait. */
  private static final long AT_ONCE_MILLIS = 500;

  private static final long LAST_MILLIS = 5_000;
  private static final long FINISH_MILLIS = 5_000;

  private final Cell cell;
  private final Sockets sockets;
  private final Assignment assignment;
  private final Job job;

  CellRun(Cell cell, Sockets sockets, Assignment assignment) {
    this.cell = cell;
    this.sockets = sockets;
    this.assignment = assignment;
    this.job = new Job(cell.id(), cell.call());
  }

  /**
   * How the client's call ended.
   *
   * @param thrown what it threw, or null if it returned
   * @param at when, of {@link System#nanoTime}
   * @param interrupted whether the interrupt status was set
   */
  private record End(@Nullable Throwable thrown, long at, boolean interrupted) {}

  /** The client at work in a thread of its own. */
  private static final class Work {
    final CompletableFuture<Thread> thread = new CompletableFuture<>();
    final CompletableFuture<End> end = new CompletableFuture<>();

    /** Blocks in {@code call}; notes how it ends. */
    void run(CancelScope.Body<IOException> call) {
      thread.complete(Thread.currentThread());
      Throwable thrown = null;
      try {
        call.run();
      } catch (Throwable e) {
        // Errors, too: a stack overflow is one of the ways in which such calls have ended.
        thrown = e;
      }
      long at = System.nanoTime();
      end.complete(new End(thrown, at, Thread.currentThread().isInterrupted()));
    }

    boolean isDone() {
      return end.isDone();
    }

    /** The end, or null if it does not come within {@code millis}. */
    @Nullable End await(long millis) throws ExecutionException, InterruptedException {
      return CellRun.await(end, millis);
    }
  }

  Row run() throws IOException, ExecutionException, InterruptedException, TimeoutException {
    try (Panel panel = new Panel(assignment.ports().panel(), job, cell.call())) {
      PrintClient client = new PrintClient(connect(), job, PrintClient.FROM_THE_START);
      if (cell.call() == Blocked.READ) {
        client.sendJob();
        client.sendEnd();
      }
      Work work = new Work();
      // Not closed: it would wait for calls that hang.
      ExecutorService pool = Executors.newThreadPerTaskExecutor(cell.thread().factory("client"));
      CancelScope scope = CancelScope.open("job " + cell.id());
      long began = System.nanoTime();
      if (cell.way() == Way.DEADLINE) {
        scope.setDeadline(Deadline.after(OWN_LIMIT));
        if (isJdkRead()) {
          client.readDeadline(began + OWN_LIMIT.toNanos());
        }
      }
      Future<?> future = pool.submit(() -> work.run(callOf(client, scope)));

      long blockedSince = awaitBlocked(client, work);
      long due = dueAt(began, blockedSince);
      Future<?> cutter = cut(client.socket, work, future, pool, scope, due);
      return observe(panel, client, work, due, cutter);
    }
  }

  private Socket connect() throws IOException {
    boolean timed = cell.way() == Way.WRITE_TIMEOUT;
    Socket socket = sockets.connect(cell.side(), cell.wire(), timed ? OWN_LIMIT : Duration.ZERO);
    if (timed || cell.way() == Way.READ_TIMEOUT) {
      socket.setSoTimeout((int) OWN_LIMIT.toMillis());
    }
    return socket;
  }

  private boolean isJdkRead() {
    return cell.side() == Side.JDK && cell.call() == Blocked.READ;
  }

  /** The call that will block; on Cleanbreak in a scope. */
  private CancelScope.Body<IOException> callOf(PrintClient client, CancelScope scope) {
    CancelScope.Body<IOException> call =
        cell.call() == Blocked.WRITE ? client::sendJob : client::readStatus;
    return cell.side() == Side.JDK ? call : () -> scope.run(call);
  }

  /** Returns since when the call stands still, or when it began if it has ended. */
  private static long awaitBlocked(PrintClient client, Work work) throws TimeoutException {
    long start = System.nanoTime();
    for (; ; ) {
      long since = client.callBegan();
      long now = System.nanoTime();
      if (work.isDone() || (work.thread.isDone() && now - since > STILL_NANOS)) {
        return since;
      }
      if (now - start > UNTIL_BLOCKED_NANOS) {
        throw new TimeoutException("the client's call did not come to block");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** When the cut comes, or should come where there is nothing that makes it. */
  private long dueAt(long began, long blockedSince) {
    return switch (cell.way()) {
      case READ_TIMEOUT, WRITE_TIMEOUT -> blockedSince + OWN_LIMIT.toNanos();
      case DEADLINE -> began + OWN_LIMIT.toNanos();
      default -> System.nanoTime();
    };
  }

  /** Lets a third party end the call. The future is done when it has come back from that. */
  private Future<?> cut(
      Socket socket,
      Work work,
      Future<?> future,
      ExecutorService pool,
      CancelScope scope,
      long due) {
    return switch (cell.way()) {
      case INTERRUPT -> new SpoolerTimer().giveUpOn(work.thread.join());
      case CLOSE -> new SpoolerTimer().giveUpOn(socket);
      case FUTURE_CANCEL -> new StatusWindow().pressStop(future);
      case SHUTDOWN_NOW -> new PoolReaper().reap(pool);
      case SCOPE_CANCEL ->
          cell.side() == Side.JDK
              ? new StatusWindow().pressStop(socket)
              : new StatusWindow().pressStop(scope::cancel);
      case READ_TIMEOUT, WRITE_TIMEOUT -> CompletableFuture.completedFuture(null);
      case DEADLINE ->
          cell.side() == Side.JDK && cell.call() == Blocked.WRITE
              ? start("job-owner", () -> cancelWhenLate(future, due))
              : CompletableFuture.completedFuture(null);
    };
  }

  /** How a deadline is kept where there is none: wait for the task, then cancel it. */
  private static boolean cancelWhenLate(Future<?> future, long due)
      throws ExecutionException, InterruptedException {
    await(future, TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime()));
    return future.cancel(true);
  }

  // ---- what came of it

  private Row observe(Panel panel, PrintClient client, Work work, long due, Future<?> cutter)
      throws IOException, ExecutionException, InterruptedException {
    long left = TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime()) + assignment.limitMillis();
    End end = work.await(left);
    boolean cutterReturned = returned(cutter);
    Ending ending = Ending.CUT;
    Thread rescuer = null;
    if (end == null) {
      rescuer = closeAside(client.socket);
      end = work.await(AT_ONCE_MILLIS);
      ending = Ending.HUNG_UNTIL_CLOSED;
    }
    panel.unjam();
    if (end == null) {
      end = work.await(LAST_MILLIS);
      ending = end == null ? Ending.HUNG_FOR_EVER : Ending.HUNG_UNTIL_UNJAMMED;
    }
    if (rescuer != null) {
      // The connection is given up; its last bytes are not to race with the close.
      rescuer.join(LAST_MILLIS);
    }
    boolean alive = end != null && finishes(client, cell.call() == Blocked.READ);
    boolean finished = alive;
    int told = client.told();
    closeAside(client.socket);
    if (!alive && end != null) {
      panel.awaitGone();
      try (Socket again = sockets.connect(cell.side(), cell.wire(), Duration.ZERO)) {
        PrintClient second = new PrintClient(again, job, told);
        finished = finishes(second, false);
        told = second.told();
      }
    }
    return row(end, ending, due, alive, finished, cutterReturned, panel.ledger(told));
  }

  private Row row(
      @Nullable End end,
      Ending ending,
      long due,
      boolean alive,
      boolean finished,
      boolean cutterReturned,
      Ledger.Tally tally) {
    Throwable thrown = end == null ? null : end.thrown;
    Blame blame = Blame.of(thrown);
    double after =
        end == null || ending != Ending.CUT
            ? assignment.limitMillis()
            : Math.max(0, end.at - due) / 1e6;
    return new Row(
        cell,
        ending,
        after,
        alive,
        finished,
        cutterReturned,
        end != null && end.interrupted,
        tally.received(),
        tally.lost(),
        tally.doubled(),
        tally.foreign(),
        thrown == null ? null : thrown.getClass().getName(),
        thrown == null ? null : thrown.getMessage(),
        blame.cutKind(),
        blame.who(),
        blame.thread(),
        blame.culprit(),
        blame.agent());
  }

  /** Whether the rest of the job and one exchange more go through, in time. */
  private boolean finishes(PrintClient client, boolean endIsSent) throws InterruptedException {
    Future<Boolean> finish =
        start(
            "finisher",
            () -> {
              client.finish(endIsSent);
              return true;
            });
    try {
      return Boolean.TRUE.equals(await(finish, FINISH_MILLIS));
    } catch (ExecutionException e) {
      return false;
    }
  }

  private static boolean returned(Future<?> cutter) throws InterruptedException {
    try {
      await(cutter, AT_ONCE_MILLIS);
    } catch (ExecutionException e) {
      // It came back, if with an exception: a close may throw.
    }
    return cutter.isDone();
  }

  /** Closes without waiting for it: the close of a JDK SSLSocket can hang. */
  private static Thread closeAside(Socket socket) {
    return Thread.ofPlatform()
        .daemon()
        .name("closer")
        .start(() -> {
          try {
            socket.close();
          } catch (IOException e) {
            // It is of no more use; the ledger tells what came of it.
          }
        });
  }

  private static <T> Future<T> start(String name, Callable<T> action) {
    FutureTask<T> done = new FutureTask<>(action);
    Thread.ofPlatform().daemon().name(name).start(done);
    return done;
  }

  private static <T> @Nullable T await(Future<T> future, long millis)
      throws ExecutionException, InterruptedException {
    try {
      return future.get(Math.max(1, millis), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    }
  }
}
