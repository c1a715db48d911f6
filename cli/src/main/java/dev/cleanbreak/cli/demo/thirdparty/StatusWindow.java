package dev.cleanbreak.cli.demo.thirdparty;

import java.io.Closeable;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** The window of a printer driver: somebody presses Stop, and the thread of its events acts. */
public final class StatusWindow {
  private static final String REASON = "the user pressed Stop";

  /** Cancels the job's future; the future returned is done when that has returned. */
  public Future<?> pressStop(Future<?> job) {
    return event(() -> cancelJob(job));
  }

  /** Hands the reason to the job's cancel action, such as that of a scope. */
  public Future<?> pressStop(Consumer<String> cancel) {
    return event(() -> cancelJob(cancel));
  }

  /** Closes the job's connection, where there is nothing better to do. */
  public Future<?> pressStop(Closeable connection) {
    return event(() -> closeConnection(connection));
  }

  private static boolean cancelJob(Future<?> job) {
    return job.cancel(true);
  }

  private static boolean cancelJob(Consumer<String> cancel) {
    cancel.accept(REASON);
    return true;
  }

  private static boolean closeConnection(Closeable connection) throws Exception {
    connection.close();
    return true;
  }

  private static Future<?> event(Callable<Boolean> action) {
    FutureTask<Boolean> done = new FutureTask<>(action);
    Thread.ofPlatform().daemon().name("ui-events").start(done);
    return done;
  }
}
