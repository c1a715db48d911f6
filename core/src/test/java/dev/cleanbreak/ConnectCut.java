package dev.cleanbreak;

import java.io.IOException;
import java.time.Duration;

/** The ways in which a connect that waits is cut, each with what it must look like. */
enum ConnectCut {
  SCOPE(CutKind.CANCELLED, CancelledIOException.class) {
    @Override
    void cut(CancelScope scope, CleanSocket socket, Thread victim) {
      scope.cancel("enough");
    }
  },
  DEADLINE(CutKind.DEADLINE, CutTimeoutException.class) {
    @Override
    void cut(CancelScope scope, CleanSocket socket, Thread victim) {
      scope.setDeadline(Deadline.after(Duration.ofMillis(1)));
    }
  },
  TIMEOUT(CutKind.TIMEOUT, CutTimeoutException.class) {
    @Override
    int millis() {
      return 400;
    }

    @Override
    void cut(CancelScope scope, CleanSocket socket, Thread victim) {
      // It was set before.
    }
  },
  INTERRUPT(CutKind.INTERRUPTED, CancelledIOException.class) {
    @Override
    void cut(CancelScope scope, CleanSocket socket, Thread victim) {
      victim.interrupt();
    }
  },
  CLOSE(CutKind.CLOSED, CutSocketException.class) {
    @Override
    void cut(CancelScope scope, CleanSocket socket, Thread victim) throws IOException {
      socket.close();
    }
  };

  final CutKind kind;
  final Class<? extends IOException> thrown;

  ConnectCut(CutKind kind, Class<? extends IOException> thrown) {
    this.kind = kind;
    this.thrown = thrown;
  }

  /** The timeout of the connect; 0 for none. */
  int millis() {
    return 0;
  }

  abstract void cut(CancelScope scope, CleanSocket socket, Thread victim) throws IOException;
}
