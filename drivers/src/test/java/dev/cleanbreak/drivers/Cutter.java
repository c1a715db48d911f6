package dev.cleanbreak.drivers;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CutKind;
import dev.cleanbreak.Deadline;
import java.time.Duration;

/** The ways to cut what runs on a thread in a scope. */
enum Cutter {
  CANCEL(CutKind.CANCELLED) {
    @Override
    void cut(CancelScope scope, Thread thread) {
      scope.cancel("the caller has gone");
    }
  },
  DEADLINE(CutKind.DEADLINE) {
    @Override
    void cut(CancelScope scope, Thread thread) {
      scope.setDeadline(Deadline.after(Duration.ZERO));
    }
  },
  INTERRUPT(CutKind.INTERRUPTED) {
    @Override
    void cut(CancelScope scope, Thread thread) {
      thread.interrupt();
    }
  };

  private final CutKind kind;

  Cutter(CutKind kind) {
    this.kind = kind;
  }

  /** What the cut's record says. */
  CutKind kind() {
    return kind;
  }

  abstract void cut(CancelScope scope, Thread thread);
}
