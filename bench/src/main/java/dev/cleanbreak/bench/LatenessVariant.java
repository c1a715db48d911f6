package dev.cleanbreak.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * Several readers at once, each with one deadline after the other; a round returns by how many
 * microseconds each read came back too late. The clock starts before the deadline is set, so what
 * setting it takes counts as lateness.
 */
final class LatenessVariant implements Variant {
  private static final int READERS = 8;
  private static final int SHORTEST_MILLIS = 5;
  private static final int LONGEST_MILLIS = 100;
  private static final long HANG_SECONDS = 60;

  private final LateRead way;
  private final ThreadKind threads;
  private final Backlog peers = new Backlog();
  private final List<Socket> sockets = new ArrayList<>();

  LatenessVariant(LateRead way, ThreadKind threads) throws IOException {
    this.way = way;
    this.threads = threads;
    for (int i = 0; i < READERS; i++) {
      Socket socket = way.socket();
      sockets.add(socket);
      socket.connect(peers.nextAddress());
    }
  }

  @Override
  public String name() {
    return way.title;
  }

  @Override
  public double[] round(Duration slice) throws Exception {
    long end = System.nanoTime() + slice.toNanos();
    List<FutureTask<List<Double>>> readers = new ArrayList<>();
    for (Socket socket : sockets) {
      FutureTask<List<Double>> reader = new FutureTask<>(() -> readUntil(end, socket));
      readers.add(reader);
      threads.start("reader", reader);
    }
    DoubleStream late = DoubleStream.empty();
    for (FutureTask<List<Double>> reader : readers) {
      List<Double> micros = reader.get(HANG_SECONDS, TimeUnit.SECONDS);
      late = DoubleStream.concat(late, micros.stream().mapToDouble(Double::doubleValue));
    }
    return late.toArray();
  }

  private List<Double> readUntil(long end, Socket socket) throws IOException {
    List<Double> lateMicros = new ArrayList<>();
    do {
      int millis = ThreadLocalRandom.current().nextInt(SHORTEST_MILLIS, LONGEST_MILLIS + 1);
      long began = System.nanoTime();
      try {
        way.read(socket, millis);
        throw new IllegalStateException("a read came back where nothing was sent");
      } catch (SocketTimeoutException _) {
        long late = System.nanoTime() - began - TimeUnit.MILLISECONDS.toNanos(millis);
        lateMicros.add(late / 1e3);
      }
    } while (System.nanoTime() - end < 0);
    return lateMicros;
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    peers.close();
  }
}
