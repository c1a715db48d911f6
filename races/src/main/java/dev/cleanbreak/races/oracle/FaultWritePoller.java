package dev.cleanbreak.races.oracle;

import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The drainer's poller, to which a jammed link has no room. The kernel thinks otherwise, so a
 * jammed stream is watched here and handed to the real poller once its gate is open.
 */
final class FaultWritePoller implements WritePoller {
  private final WritePoller real;
  private final Consumer<FaultWritePoller> closed;
  private final Map<FaultStream, Object> jammed = new HashMap<>();

  FaultWritePoller(WritePoller real, Consumer<FaultWritePoller> closed) {
    this.real = real;
    this.closed = closed;
  }

  /** One of the streams that the real poller watches. */
  private record Watched(FaultStream stream, Object owner) {}

  @Override
  public void watch(StreamPort port, Object owner) {
    // The next poll looks at the gate; one that opens after that look wakes the poll.
    jammed.put((FaultStream) port, owner);
  }

  @Override
  public void unwatch(StreamPort port) throws IOException {
    FaultStream stream = (FaultStream) port;
    if (jammed.remove(stream) == null) {
      real.unwatch(stream.real);
    }
  }

  @Override
  public void poll(long nanos, Consumer<Object> ready) throws IOException {
    for (Iterator<Map.Entry<FaultStream, Object>> each = jammed.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<FaultStream, Object> entry = each.next();
      FaultStream stream = entry.getKey();
      if (!stream.link.out.isJammed()) {
        each.remove();
        real.watch(stream.real, new Watched(stream, entry.getValue()));
      }
    }
    Map<FaultStream, Object> jammedAgain = new HashMap<>();
    real.poll(
        nanos,
        found -> {
          Watched watched = (Watched) found;
          if (watched.stream.link.out.isJammed()) {
            jammedAgain.put(watched.stream, watched.owner);
          } else {
            ready.accept(watched.owner);
          }
        });
    for (Map.Entry<FaultStream, Object> each : jammedAgain.entrySet()) {
      real.unwatch(each.getKey().real);
      jammed.put(each.getKey(), each.getValue());
    }
  }

  @Override
  public void wake() {
    real.wake();
  }

  @Override
  public void close() throws IOException {
    closed.accept(this);
    real.close();
  }
}
