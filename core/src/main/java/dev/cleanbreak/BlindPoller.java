package dev.cleanbreak;

import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.WritePoller;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Stands in where no descriptor is left for a selector: takes every port for ready now and then, so
 * that what is owed is paid all the same.
 */
final class BlindPoller implements WritePoller {
  private static final long NAP_NANOS = Duration.ofMillis(5).toNanos();

  private final Map<StreamPort, Object> watched = new HashMap<>();

  /** The poller's owner, which made it. An unpark before the nap keeps it from napping, once. */
  private final Thread owner = Thread.currentThread();

  @Override
  public void watch(StreamPort port, Object owner) {
    watched.put(port, owner);
  }

  @Override
  public void unwatch(StreamPort port) {
    watched.remove(port);
  }

  @Override
  public void poll(long nanos, Consumer<Object> ready) {
    LockSupport.parkNanos(this, watched.isEmpty() ? nanos : Math.min(nanos, NAP_NANOS));
    List.copyOf(watched.values()).forEach(ready);
  }

  @Override
  public void wake() {
    LockSupport.unpark(owner);
  }

  @Override
  public void close() {}
}
