package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A program of its own for {@link OneCarrierTest}: dialogues on virtual threads that never pause,
 * and beside them a read whose deadline passes. It ends with 0 once all those reads were cut.
 */
final class OneCarrier {
  private static final int DIALOGUES = 32;
  private static final int READS = 20;
  private static final long LIMIT_SECONDS = 5;

  private OneCarrier() {}

  public static void main(String[] args) throws Exception {
    try (CleanServerSocket listener =
        new CleanServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < DIALOGUES; i++) {
        CleanSocket near = connected(listener);
        Socket far = listener.accept();
        near.getOutputStream().write(0);
        Thread.startVirtualThread(() -> echo(near));
        Thread.startVirtualThread(() -> echo(far));
      }
      CleanSocket silent = connected(listener);
      Socket peer = listener.accept();
      for (int i = 0; i < READS; i++) {
        FutureTask<CutKind> read = new FutureTask<>(() -> cut(silent));
        Thread.startVirtualThread(read);
        if (read.get(LIMIT_SECONDS, TimeUnit.SECONDS) != CutKind.DEADLINE) {
          throw new AssertionError("read " + i + " was not cut by its deadline");
        }
      }
      peer.close();
      System.exit(0);
    }
  }

  private static CleanSocket connected(CleanServerSocket listener) throws IOException {
    CleanSocket socket = new CleanSocket();
    socket.connect(listener.getLocalSocketAddress());
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void echo(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      for (int each; (each = in.read()) >= 0; ) {
        out.write(each);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static CutKind cut(CleanSocket socket) throws IOException {
    try (CancelScope scope = CancelScope.within(Duration.ofMillis(5))) {
      scope.run(() -> socket.getInputStream().read());
      throw new AssertionError("the read ended");
    } catch (IOException e) {
      if (e instanceof CutException cut) {
        return cut.cut().kind();
      }
      throw e;
    }
  }
}
