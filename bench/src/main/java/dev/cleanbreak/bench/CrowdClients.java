package dev.cleanbreak.bench;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A process of many clients in one thread. For each line "port connections millis" it connects,
 * says so, sends messages to and fro for that long, closes, and tells how many came back.
 */
final class CrowdClients {
  static final int BYTES = 64;
  static final String CONNECTED = "connected";

  private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
  private long roundTrips;
  private long until;
  private int busy;

  private CrowdClients() {}

  /** No arguments; ends with its input. */
  public static void main(String[] arguments) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line; (line = commands.readLine()) != null; ) {
      String[] words = line.split(" ", -1);
      System.out.println(
          new CrowdClients()
              .run(
                  Integer.parseInt(words[0]),
                  Integer.parseInt(words[1]),
                  Long.parseLong(words[2])));
    }
  }

  private long run(int port, int connections, long millis) throws IOException {
    try (Selector selector = Selector.open()) {
      try {
        for (int i = 0; i < connections; i++) {
          SocketChannel channel =
              SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
          channel.configureBlocking(false);
          channel.register(selector, SelectionKey.OP_READ);
        }
        System.out.println(CONNECTED);
        until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (SelectionKey each : selector.keys()) {
          send(each);
        }
        while (busy > 0) {
          selector.select(this::answered, TimeUnit.NANOSECONDS.toMillis(HANG_NANOS));
          if (System.nanoTime() - until > HANG_NANOS) {
            throw new IOException(busy + " connections hang");
          }
        }
        return roundTrips;
      } finally {
        for (SelectionKey each : selector.keys()) {
          each.channel().close();
        }
      }
    }
  }

  private void send(SelectionKey key) throws IOException {
    buffer.clear();
    int sent = ((SocketChannel) key.channel()).write(buffer);
    if (sent != BYTES) {
      throw new IOException("sent " + sent + " bytes of " + BYTES);
    }
    key.attach(0);
    busy++;
  }

  private void answered(SelectionKey key) {
    try {
      buffer.clear();
      int n = ((SocketChannel) key.channel()).read(buffer);
      if (n < 0) {
        throw new EOFException("the server hung up");
      }
      int received = (Integer) key.attachment() + n;
      key.attach(received);
      if (received == BYTES) {
        roundTrips++;
        busy--;
        if (System.nanoTime() - until < 0) {
          send(key);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
