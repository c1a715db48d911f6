package dev.cleanbreak.bench;

import dev.cleanbreak.CancelScope;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;

/** A connection on which a read blocks, and a way to end that read from another thread. */
interface CutRead extends Closeable {
  /** Blocks until cut. */
  void read() throws IOException;

  void cut() throws IOException;

  /** The ways there are. */
  enum Way {
    SOCKET_CLOSE(SocketKind.SOCKET, ", close()"),
    NIO_CLOSE(SocketKind.NIO, ", close()"),
    NIO_CANCEL(SocketKind.NIO, ", cancel()"),
    EPOLL_CLOSE(SocketKind.EPOLL, ", close()"),
    EPOLL_CANCEL(SocketKind.EPOLL, ", cancel()");

    private final SocketKind kind;
    private final boolean cancels;
    final String title;

    Way(SocketKind kind, String how) {
      this.kind = kind;
      this.cancels = how.contains("cancel");
      this.title = kind.title + how;
    }

    CutRead connect(SocketAddress peer) throws IOException {
      Socket socket = kind.open();
      socket.connect(peer);
      return cancels
          ? new CancelRead(socket, CancelScope.open("benchmark"))
          : new CloseSocket(socket);
    }
  }

  /** Ends the read by closing the socket. */
  record CloseSocket(Socket socket) implements CutRead {
    @Override
    public void read() throws IOException {
      socket.getInputStream().read();
    }

    @Override
    public void cut() throws IOException {
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Ends the read by cancelling its scope. */
  record CancelRead(Socket socket, CancelScope scope) implements CutRead {
    @Override
    public void read() throws IOException {
      scope.run(() -> socket.getInputStream().read());
    }

    @Override
    public void cut() {
      scope.cancel("cut by the benchmark");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
