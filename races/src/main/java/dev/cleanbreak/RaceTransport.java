package dev.cleanbreak;

import dev.cleanbreak.spi.DatagramPort;
import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Ports in memory, and a poller for the drainer that knows when there are two of it. */
final class RaceTransport implements Transport {
  static final RaceTransport INSTANCE = new RaceTransport();

  /** More than one drainer served this transport at the same time. */
  volatile boolean twoDrainers;

  private final AtomicInteger pollers = new AtomicInteger();

  @Override
  public String name() {
    return "race";
  }

  @Override
  public StreamPort openStream() {
    return new RacePort();
  }

  @Override
  public ListenerPort openListener() throws IOException {
    throw new IOException("no listeners here");
  }

  @Override
  public DatagramPort openDatagram() throws IOException {
    throw new IOException("no datagrams here");
  }

  @Override
  public WritePoller openWritePoller() {
    if (pollers.incrementAndGet() > 1) {
      twoDrainers = true;
    }
    return new Poller();
  }

  private final class Poller implements WritePoller {
    private final Map<StreamPort, Object> watched = new ConcurrentHashMap<>();
    private volatile boolean woken;

    @Override
    public void watch(StreamPort port, Object owner) {
      watched.put(port, owner);
    }

    @Override
    public void unwatch(StreamPort port) {
      watched.remove(port);
      // Here the drainer has found nothing owed and not yet let go: others get their chance.
      RaceWait.pause();
    }

    @Override
    public void poll(long nanos, Consumer<Object> ready) {
      long began = System.nanoTime();
      // An idle drainer ends at once, so that its end is raced against as well.
      long limit = watched.isEmpty() ? 0 : nanos;
      while (!woken && owners().isEmpty() && System.nanoTime() - began < limit) {
        RaceWait.pause();
      }
      woken = false;
      owners().forEach(ready);
    }

    private List<Object> owners() {
      return watched.entrySet().stream()
          .filter(each -> ((RacePort) each.getKey()).room)
          .map(Map.Entry::getValue)
          .toList();
    }

    @Override
    public void wake() {
      woken = true;
    }

    @Override
    public void close() {
      pollers.decrementAndGet();
    }
  }
}
