package dev.cleanbreak.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Ping-pong with a thread at each end of each connection. The echoes live as long as the variant;
 * between rounds they block in a read. The clients are new threads in each round.
 */
final class BlockingEcho implements Variant {
  private static final long HANG_SECONDS = 60;

  private final String name;
  private final EchoLoad load;
  private final List<WirePair> pairs = new ArrayList<>();

  /** Written by the thread that drives the round, read by the clients. */
  private volatile boolean running;

  private volatile boolean closing;

  private BlockingEcho(String name, EchoLoad load) {
    this.name = name;
    this.load = load;
  }

  static BlockingEcho open(String name, EchoLoad load, WirePair.Source source) throws IOException {
    BlockingEcho echo = new BlockingEcho(name, load);
    try {
      for (int i = 0; i < load.connections(); i++) {
        WirePair pair = source.connect(load.bytes());
        echo.pairs.add(pair);
        load.threads().start("echo", pair.server().around(() -> echo.echo(pair.server())));
      }
    } catch (IOException e) {
      echo.close();
      throw e;
    }
    return echo;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double[] round(Duration slice) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    running = true;
    List<FutureTask<Long>> clients = new ArrayList<>();
    for (WirePair pair : pairs) {
      FutureTask<Long> client = new FutureTask<>(() -> ping(pair.client(), start));
      clients.add(client);
      load.threads().start("client", pair.client().around(client));
    }
    RoundTrips round = new RoundTrips();
    start.countDown();
    Thread.sleep(slice);
    running = false;
    long roundTrips = 0;
    for (FutureTask<Long> client : clients) {
      roundTrips += client.get(HANG_SECONDS, TimeUnit.SECONDS);
    }
    return round.end(roundTrips);
  }

  private long ping(Wire wire, CountDownLatch start) throws Exception {
    start.await();
    long roundTrips = 0;
    while (running) {
      wire.ping();
      roundTrips++;
    }
    return roundTrips;
  }

  private void echo(Wire wire) {
    try (wire) {
      while (wire.echo()) {}
    } catch (IOException e) {
      // The client sees the connection end, and its round fails.
      if (!closing) {
        System.err.println("bench: the echo of " + name + " failed: " + e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    closing = true;
    for (WirePair pair : pairs) {
      pair.close();
    }
  }
}
