package dev.cleanbreak.bench;

import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A connection whose one end writes for the length of a round; what is counted are the writes. */
final class OneWayVariant implements Variant {
  private static final long REST_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long HANG_SECONDS = 60;

  /** The sockets of both ends; Cleanbreak's with timeouts. */
  enum Kind {
    SOCKET("java.net.Socket", null),
    NIO("Cleanbreak (nio), read and write timeouts", Transports.NIO),
    EPOLL("Cleanbreak (epoll), read and write timeouts", Transports.EPOLL);

    final String title;
    private final @Nullable String transport;

    Kind(String title, @Nullable String transport) {
      this.title = title;
      this.transport = transport;
    }

    private SocketSettings settings(String name) {
      return Transports.settings(name)
          .withReadTimeout(EchoVariant.LIMIT)
          .withWriteTimeout(EchoVariant.LIMIT);
    }

    ServerSocket listener() throws IOException {
      return transport == null ? new ServerSocket() : new CleanServerSocket(settings(transport));
    }

    Socket socket() throws IOException {
      return transport == null ? new Socket() : new CleanSocket(settings(transport));
    }
  }

  private final Kind kind;
  private final OneWay scene;
  private final Socket sender;
  private final Socket receiver;

  OneWayVariant(Kind kind, OneWay scene) throws IOException {
    this.kind = kind;
    this.scene = scene;
    try (ServerSocket listener = kind.listener()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      sender = kind.socket();
      sender.connect(listener.getLocalSocketAddress());
      receiver = listener.accept();
    }
  }

  @Override
  public String name() {
    return kind.title;
  }

  @Override
  public double[] round(Duration slice) throws Exception {
    RoundTrips round = new RoundTrips();
    long end = System.nanoTime() + slice.toNanos();
    FutureTask<Long> writing = new FutureTask<>(() -> write(end));
    FutureTask<Long> reading = new FutureTask<>(this::read);
    scene.threads().start("reader", reading);
    scene.threads().start("writer", writing);
    long read = reading.get(HANG_SECONDS, TimeUnit.SECONDS);
    double[] figures = round.end(read / scene.bytes());
    long written = writing.get(HANG_SECONDS, TimeUnit.SECONDS);
    if (read != written) {
      throw new IllegalStateException(read + " bytes of " + written + " were read");
    }
    return figures;
  }

  /** Writes until {@code end}; the last byte is a 1. */
  private long write(long end) throws IOException {
    OutputStream out = sender.getOutputStream();
    byte[] chunk = new byte[scene.bytes()];
    long written = 0;
    while (System.nanoTime() - end < 0) {
      out.write(chunk);
      written += chunk.length;
    }
    out.write(1);
    return written + 1;
  }

  private long read() throws IOException {
    InputStream in = receiver.getInputStream();
    byte[] chunk = new byte[scene.bytes()];
    for (long read = 0; ; ) {
      int n = in.read(chunk);
      if (n < 0) {
        throw new IOException("the sender hung up");
      }
      read += n;
      if (chunk[n - 1] == 1) {
        return read;
      }
      if (scene.slower()) {
        LockSupport.parkNanos(REST_NANOS);
      }
    }
  }

  @Override
  public void close() throws IOException {
    sender.close();
    receiver.close();
  }
}
