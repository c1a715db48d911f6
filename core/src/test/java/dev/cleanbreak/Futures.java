package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What became of a task in another thread. */
final class Futures {
  private Futures() {}

  static <X extends Throwable> X failure(Class<X> type, Future<?> future) {
    ExecutionException failed = assertThrows(ExecutionException.class, future::get);
    return assertInstanceOf(type, failed.getCause());
  }
}
