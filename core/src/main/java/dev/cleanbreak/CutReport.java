package dev.cleanbreak;

import dev.cleanbreak.ScopeView.Registration;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells those outside of a cut: Flight Recorder, the log, the listeners. Once for each exception
 * that carries a cut, by the thread that is about to throw it, which holds nothing of ours any
 * more. So a write that was cut and carried its tail is not told: it has completed as far as its
 * caller can see, and the call that throws the cut is the one that is told.
 */
final class CutReport {
  /** Bound while a thread tells. What is cut meanwhile, by a listener or a log, is not told. */
  private static final ScopedValue<Boolean> TELLING = ScopedValue.newInstance();

  private static final List<Listening> LISTENERS = new CopyOnWriteArrayList<>();

  /** The image may come without Flight Recorder; where it has it, core can read it. */
  private static final boolean RECORDS =
      ModuleLayer.boot()
          .findModule("jdk.jfr")
          .filter(CutReport.class.getModule()::canRead)
          .isPresent();

  private CutReport() {}

  static Registration listen(CutListener listener) {
    Listening added = new Listening(listener);
    LISTENERS.add(added);
    return added;
  }

  /** Never throws: the outcome of the call stands. */
  static void tell(CutException thrown, Level level) {
    record(thrown.cut());
    boolean logged = Log.isOn(level);
    if ((logged || !LISTENERS.isEmpty()) && !TELLING.isBound()) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      try {
        // Outside every scope: the one that was cut would cut whatever is done here, too.
        ScopedValue.where(TELLING, true)
            .where(ScopeNode.CURRENT, ScopeNode.ROOT)
            .run(() -> tellOutside(thrown, level, logged));
      } catch (RuntimeException | Error ignored) {
        // No memory or no stack is left to tell with; the call ends as it would.
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static void record(Cut cut) {
    try {
      if (RECORDS) {
        CutEvent.record(cut);
      }
    } catch (RuntimeException | Error e) {
      Log.log(Level.DEBUG, "Flight Recorder has not taken a cut", e);
    }
  }

  private static void tellOutside(CutException thrown, Level level, boolean logged) {
    if (logged) {
      Thread thread = Thread.currentThread();
      Log.log(
          level,
          "a call of thread \"{0}\" #{1} was cut: {2}",
          thread.getName(),
          Long.toString(thread.threadId()),
          ((Throwable) thrown).getMessage());
    }
    for (Listening each : LISTENERS) {
      each.tell(thrown.cut());
    }
  }

  private static final class Listening implements Registration {
    private final CutListener listener;

    Listening(CutListener listener) {
      this.listener = listener;
    }

    void tell(Cut cut) {
      try {
        listener.onCut(cut);
      } catch (Throwable e) {
        Log.log(Level.WARNING, "a cut listener failed; the call that was cut ends as it would", e);
      }
    }

    @Override
    public void close() {
      LISTENERS.remove(this);
    }
  }
}
