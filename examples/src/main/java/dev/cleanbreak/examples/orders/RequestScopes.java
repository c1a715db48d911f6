package dev.cleanbreak.examples.orders;

import dev.cleanbreak.CancelScope;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives each request a scope with a deadline, and knows those that run now. Thread-safe. A request
 * that begins after {@link #cancel} is cancelled as well.
 */
final class RequestScopes {
  private final Duration limit;
  private final Set<CancelScope> running = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  RequestScopes(Duration limit) {
    this.limit = limit;
  }

  <X extends Throwable> void run(String name, CancelScope.Body<X> request) throws X {
    CancelScope scope = CancelScope.within(name, limit);
    running.add(scope);
    if (cancelled) {
      scope.cancel("the application shuts down");
    }
    try {
      scope.run(request);
    } finally {
      running.remove(scope);
    }
  }

  /** Cancels the requests that run, and those to come. */
  void cancel() {
    cancelled = true;
    running.forEach(each -> each.cancel("the application shuts down"));
  }
}
