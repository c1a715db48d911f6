package dev.cleanbreak.drivers;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.Deadline;
import java.time.Duration;

/** By what a call is cut. */
enum How {
  CANCEL("cancel") {
    @Override
    void cut(CancelScope scope, Thread client) {
      scope.cancel("the user pressed Stop");
    }
  },
  DEADLINE("deadline") {
    @Override
    void cut(CancelScope scope, Thread client) {
      scope.setDeadline(Deadline.after(Duration.ZERO));
    }
  },
  INTERRUPT("interrupt") {
    @Override
    void cut(CancelScope scope, Thread client) {
      client.interrupt();
    }
  };

  final String text;

  How(String text) {
    this.text = text;
  }

  abstract void cut(CancelScope scope, Thread client);
}
