package dev.cleanbreak.bench;

import dev.cleanbreak.CancelScope;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Many blocked reads that all end at once. A round returns the milliseconds from the beginning of
 * the cut to the return of the last read, those to the return of the cut itself, and the first
 * figure in microseconds for each call.
 */
record StormVariant(SocketKind kind, int calls) implements Variant {
  static final int LAST_RETURN = 0;
  static final int CUT = 1;
  static final int MICROS_EACH = 2;

  static final String SOCKETS = "java.net.Socket, close() of each";

  @Override
  public String name() {
    return kind.isClean() ? kind.title + ", one cancel()" : SOCKETS;
  }

  @Override
  public double[] round(Duration slice) throws Exception {
    return kind.isClean() ? cancelOne() : closeAll();
  }

  private double[] cancelOne() throws Exception {
    try (CancelScope scope = CancelScope.open("storm");
        BlockedReads reads = BlockedReads.open(kind, calls, scope::wrap)) {
      long began = System.nanoTime();
      scope.cancel("storm");
      return figures(began, System.nanoTime(), reads.awaitLastReturn());
    }
  }

  private double[] closeAll() throws Exception {
    try (BlockedReads reads = BlockedReads.open(kind, calls, UnaryOperator.identity())) {
      long began = System.nanoTime();
      reads.closeSockets();
      return figures(began, System.nanoTime(), reads.awaitLastReturn());
    }
  }

  private double[] figures(long began, long cut, long lastReturn) {
    return new double[] {
      (lastReturn - began) / 1e6, (cut - began) / 1e6, (lastReturn - began) / 1e3 / calls
    };
  }

  @Override
  public void close() {}
}
