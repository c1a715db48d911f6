package dev.cleanbreak.spi;

import java.io.IOException;
import java.util.function.Consumer;

/** Waits for room on many streams. Owned by one thread; only {@link #wake} may come from others. */
public interface WritePoller {
  /** Starts to watch; {@code owner} is handed back when {@code port} has room. */
  void watch(StreamPort port, Object owner) throws IOException;

  /** Ends the watch; on return nothing of the poller holds the port's descriptor. */
  void unwatch(StreamPort port) throws IOException;

  /** Waits up to {@code nanos} (at least 1) and hands every owner with room to {@code ready}. */
  void poll(long nanos, Consumer<Object> ready) throws IOException;

  void wake();

  void close() throws IOException;
}
