package dev.cleanbreak.epoll;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Two connected ports of this transport. */
record Link(EpollStream near, EpollStream far) implements AutoCloseable {
  static final long SECONDS_20 = TimeUnit.SECONDS.toNanos(20);

  static EpollListener listener() throws IOException {
    EpollListener listener = (EpollListener) new EpollTransport().openListener();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    return listener;
  }

  static Link open() throws IOException {
    EpollListener listener = listener();
    try {
      return to(listener);
    } finally {
      listener.close();
    }
  }

  /** A connection to {@code listener}, at which nobody else connects or accepts. */
  static Link to(EpollListener listener) throws IOException {
    EpollStream near = (EpollStream) new EpollTransport().openStream();
    if (!near.connect(Objects.requireNonNull(listener.localAddress()))) {
      Readiness connecting = near.newReadiness();
      while (!near.finishConnect()) {
        connecting.await(Readiness.CONNECT, SECONDS_20);
      }
      connecting.close();
    }
    EpollStream far = (EpollStream) listener.accept();
    if (far == null) {
      Readiness accepting = listener.newReadiness();
      while ((far = (EpollStream) listener.accept()) == null) {
        accepting.await(Readiness.ACCEPT, SECONDS_20);
      }
      accepting.close();
    }
    return new Link(near, far);
  }

  @Override
  public void close() throws IOException {
    near.close();
    far.close();
  }
}
