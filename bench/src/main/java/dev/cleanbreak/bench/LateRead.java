package dev.cleanbreak.bench;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocket;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/** A way to end a read at a given time. */
enum LateRead {
  SO_TIMEOUT("java.net.Socket + SO_TIMEOUT") {
    @Override
    Socket socket() {
      return new Socket();
    }

    @Override
    void read(Socket socket, int millis) throws IOException {
      socket.setSoTimeout(millis);
      socket.getInputStream().read();
    }
  },
  READ_TIMEOUT("Cleanbreak, read timeout") {
    @Override
    Socket socket() throws IOException {
      return new CleanSocket();
    }

    @Override
    void read(Socket socket, int millis) throws IOException {
      socket.setSoTimeout(millis);
      socket.getInputStream().read();
    }
  },
  DEADLINE("Cleanbreak, deadline of a scope") {
    @Override
    Socket socket() throws IOException {
      return new CleanSocket();
    }

    @Override
    void read(Socket socket, int millis) throws IOException {
      CancelScope.within(Duration.ofMillis(millis)).run(() -> socket.getInputStream().read());
    }
  };

  final String title;

  LateRead(String title) {
    this.title = title;
  }

  /** A new unconnected socket. */
  abstract Socket socket() throws IOException;

  /** Reads where nothing comes, for {@code millis} from now. */
  abstract void read(Socket socket, int millis) throws IOException;
}
