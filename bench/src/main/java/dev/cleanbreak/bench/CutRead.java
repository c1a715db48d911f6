package dev.cleanbreak.bench;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocket;
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
    SOCKET_CLOSE("java.net.Socket, close()") {
      @Override
      CutRead connect(SocketAddress peer) throws IOException {
        return new CloseSocket(new Socket(), peer);
      }
    },
    CLEAN_CLOSE("Cleanbreak, close()") {
      @Override
      CutRead connect(SocketAddress peer) throws IOException {
        return new CloseSocket(new CleanSocket(), peer);
      }
    },
    CLEAN_CANCEL("Cleanbreak, cancel()") {
      @Override
      CutRead connect(SocketAddress peer) throws IOException {
        return new CancelRead(peer);
      }
    };

    final String title;

    Way(String title) {
      this.title = title;
    }

    abstract CutRead connect(SocketAddress peer) throws IOException;
  }

  /** Ends the read by closing the socket. */
  record CloseSocket(Socket socket) implements CutRead {
    CloseSocket(Socket socket, SocketAddress peer) throws IOException {
      this(socket);
      socket.connect(peer);
    }

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
  record CancelRead(CleanSocket socket, CancelScope scope) implements CutRead {
    CancelRead(SocketAddress peer) throws IOException {
      this(new CleanSocket(), CancelScope.open("benchmark"));
      socket.connect(peer);
    }

    @Override
    public void read() throws IOException {
      scope.run(() -> socket.getInputStream().read());
    }

    @Override
    public void cut() {
      scope.cancel("cut by the benchmark");
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
