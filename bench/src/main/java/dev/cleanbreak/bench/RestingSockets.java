package dev.cleanbreak.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Many connections, from each of which a virtual thread has read once, in vain. */
final class RestingSockets implements Closeable {
  private static final int SHORT_MILLIS = 1;
  private static final long HANG_SECONDS = 60;

  private final Backlog peers = new Backlog();
  private final List<Socket> sockets = new ArrayList<>();

  private RestingSockets() {}

  static RestingSockets open(SocketKind kind, int count) throws Exception {
    RestingSockets resting = new RestingSockets();
    try {
      List<FutureTask<Boolean>> reads = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Socket socket = kind.connect(resting.peers);
        resting.sockets.add(socket);
        FutureTask<Boolean> read = new FutureTask<>(() -> timesOut(socket));
        reads.add(read);
        ThreadKind.VIRTUAL.start("reader", read);
      }
      for (FutureTask<Boolean> read : reads) {
        if (!read.get(HANG_SECONDS, TimeUnit.SECONDS)) {
          throw new IllegalStateException("a read came back where nothing was sent");
        }
      }
      return resting;
    } catch (Exception e) {
      resting.close();
      throw e;
    }
  }

  private static boolean timesOut(Socket socket) throws IOException {
    socket.setSoTimeout(SHORT_MILLIS);
    try {
      int _ = socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException _) {
      socket.setSoTimeout(0);
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    peers.close();
  }
}
