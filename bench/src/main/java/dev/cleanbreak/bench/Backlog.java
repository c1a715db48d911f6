package dev.cleanbreak.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Peers that never send anything and cost next to nothing: the connections stay in the queues of
 * listeners that nobody accepts from, so the other end has neither a descriptor nor an object here.
 * Closing it resets them all. Not thread-safe.
 */
final class Backlog implements Closeable {
  /** Below the limit that the oldest kernels put on a queue, 128. */
  private static final int PLACES = 100;

  private final Deque<ServerSocket> listeners = new ArrayDeque<>();
  private int free;

  /** Where to connect next; each call stands for one connection. */
  SocketAddress nextAddress() throws IOException {
    if (free == 0) {
      listeners.push(new ServerSocket(0, PLACES, InetAddress.getLoopbackAddress()));
      free = PLACES;
    }
    free--;
    return listeners.element().getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket listener : listeners) {
      listener.close();
    }
    listeners.clear();
    free = 0;
  }
}
