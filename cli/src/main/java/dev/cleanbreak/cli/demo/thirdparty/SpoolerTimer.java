package dev.cleanbreak.cli.demo.thirdparty;

import java.io.Closeable;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** A spooler's watchdog: when a job takes too long for its taste, its timer ends the job's call. */
public final class SpoolerTimer {
  private final Timer timer = new Timer("spooler-timer", true);

  /** Interrupts the thread that works on the job; the future is done when that has returned. */
  public Future<?> giveUpOn(Thread worker) {
    return tick(() -> interruptWorker(worker));
  }

  /** Closes the job's connection; the future is done when that has returned. */
  public Future<?> giveUpOn(Closeable connection) {
    return tick(() -> closeConnection(connection));
  }

  private static Thread interruptWorker(Thread worker) {
    worker.interrupt();
    return worker;
  }

  private static Closeable closeConnection(Closeable connection) throws Exception {
    connection.close();
    return connection;
  }

  private Future<?> tick(Callable<?> action) {
    FutureTask<?> done = new FutureTask<>(action);
    TimerTask task =
        new TimerTask() {
          @Override
          public void run() {
            done.run();
            timer.cancel();
          }
        };
    timer.schedule(task, 0);
    return done;
  }
}
