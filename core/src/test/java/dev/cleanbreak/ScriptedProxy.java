package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A proxy that says its lines whatever it is asked, one line for each request, and breaks off after
 * a given number of bytes: it falls silent, or hangs up. It serves one connection.
 */
final class ScriptedProxy implements AutoCloseable {
  enum End {
    SILENCE,
    HANG_UP
  }

  private final ServerSocket listener;
  private final End end;
  private final byte[][] lines;
  private final CountDownLatch brokeOff = new CountDownLatch(1);
  private final CountDownLatch clientGone = new CountDownLatch(1);
  private int left;

  ScriptedProxy(int bytes, End end, byte[]... lines) throws IOException {
    this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    this.left = bytes;
    this.end = end;
    this.lines = lines;
    Thread.ofVirtual().name("scripted-proxy").start(this::serve);
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  Proxy as(Proxy.Type type) {
    return new Proxy(type, address());
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Returns once everything is said. */
  void awaitBreakOff() throws InterruptedException {
    if (!brokeOff.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the proxy was not asked");
    }
  }

  /** Takes no more connections; returns once the client has closed the one it may have had. */
  void awaitClientGone() throws InterruptedException, IOException {
    listener.close();
    if (!clientGone.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the client keeps its connection");
    }
  }

  private void serve() {
    try (Socket client = listener.accept()) {
      for (byte[] line : lines) {
        if (left == 0) {
          break;
        }
        awaitRequest(client.getInputStream());
        int said = Math.min(left, line.length);
        client.getOutputStream().write(line, 0, said);
        left -= said;
      }
      brokeOff.countDown();
      if (end == End.SILENCE) {
        client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
      }
    } catch (IOException gone) {
      // The client has reset its connection, or never made one.
    }
    brokeOff.countDown();
    clientGone.countDown();
  }

  private static void awaitRequest(InputStream in) throws IOException {
    if (in.read(new byte[4096]) < 0) {
      throw new IOException("gone");
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
