package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Cut;
import dev.cleanbreak.agent.boot.Recorder;
import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.DroppedRecord;
import dev.cleanbreak.report.Entry;
import dev.cleanbreak.report.JsonLinesWriter;
import dev.cleanbreak.report.JvmRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thread takes the cuts and tells them: in the file, and in a log. */
final class Recording implements Closeable {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MOST_AGE_NANOS = TimeUnit.MINUTES.toNanos(30);
  private static final long LAST_WORDS_MILLIS = 500;

  private final Telling telling;
  private final CutLog log;
  private final RateLimit limit = new RateLimit();
  private final @Nullable Writer out;
  private final Thread thread = thread(this::run, "cleanbreak-agent");

  /** Tells, before the JVM goes, what was cut at the end. */
  private final Thread hook = thread(this::lastWords, "cleanbreak-agent-shutdown");

  private volatile boolean closed;

  /** Whether a cut is being told. Written by the thread, read by the hook. */
  private volatile boolean busy;

  Recording(Options options, Telling telling) throws IOException {
    this.telling = telling;
    log = new CutLog(options.log());
    out = options.out() == null ? null : open(options.out());
    thread.setDaemon(true);
  }

  /** Has nothing of the program: not its class loader, not its inheritable thread locals. */
  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(null, task, name, 0, false);
    thread.setContextClassLoader(null);
    return thread;
  }

  private static Writer open(java.nio.file.Path file) throws IOException {
    try {
      return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + " (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  void start(JvmRecord jvm) {
    write(jvm);
    log.started(jvm);
    Recorder.taker(thread);
    Runtime.getRuntime().addShutdownHook(hook);
    thread.start();
  }

  private void run() {
    long swept = System.nanoTime();
    while (!closed) {
      busy = true;
      takeAll();
      busy = false;
      long now = System.nanoTime();
      if (now - swept > PAUSE_NANOS) {
        swept = now;
        Recorder.sweep(MOST_AGE_NANOS);
        tellDropped();
      }
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
    takeAll();
    tellDropped();
  }

  private void takeAll() {
    for (Cut cut = Recorder.take(); cut != null; cut = Recorder.take()) {
      try {
        // Asked before the work is done: in a storm most of it never is.
        if (limit.permits(cut)) {
          CutRecord record = telling.record(cut);
          write(record);
          log.cut(record);
        }
      } catch (RuntimeException | LinkageError e) {
        log.failed(e);
      }
    }
  }

  private void tellDropped() {
    limit.takeDropped(this::write);
    int lost = Recorder.takeLost();
    if (lost > 0) {
      write(new DroppedRecord(Instant.now(), lost, "more at once than could be kept"));
    }
  }

  private void write(Entry entry) {
    if (out != null) {
      try {
        out.write(JsonLinesWriter.line(entry) + "\n");
        out.flush();
      } catch (IOException e) {
        log.failed(e);
      }
    }
  }

  private void lastWords() {
    telling.shutdownBegins();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MILLIS);
    do {
      LockSupport.unpark(thread);
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
    } while (!(Recorder.isEmpty() && !busy) && System.nanoTime() - deadline < 0);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(thread);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is on its way out.
    }
    try {
      thread.join(LAST_WORDS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (out != null) {
      out.close();
    }
  }
}
