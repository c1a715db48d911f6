package dev.cleanbreak;

import dev.cleanbreak.spi.DatagramPort;
import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A UDP endpoint that keeps the contract: each call moves one whole datagram or none. */
final class DatagramEndpoint extends Endpoint {
  private volatile @Nullable InetSocketAddress local;
  private volatile @Nullable InetSocketAddress remote;
  private volatile long receiveTimeout;

  DatagramEndpoint(SocketSettings settings) {
    super(settings);
    receiveTimeout = settings.readTimeout();
  }

  @Override
  SocketState.Kind kind() {
    return SocketState.Kind.DATAGRAM;
  }

  @Override
  Port openPort(Transport transport) throws IOException {
    Port opened = transport.openDatagram();
    try {
      opened.setOption(StandardSocketOptions.SO_BROADCAST, true);
    } catch (IOException | UnsupportedOperationException ignored) {
      // As java.net.DatagramSocket has it: broadcasts are allowed where they can be.
    }
    return opened;
  }

  private DatagramPort datagrams() throws IOException {
    return (DatagramPort) port();
  }

  @Override
  @Nullable InetSocketAddress localAddressOrNull() {
    return local;
  }

  @Override
  @Nullable InetSocketAddress remoteAddressOrNull() {
    return remote;
  }

  void bind(InetSocketAddress address) throws IOException {
    enter();
    try {
      datagrams().bind(address);
      local = (InetSocketAddress) datagrams().localAddress();
    } finally {
      leave();
    }
  }

  void connect(InetSocketAddress address) throws IOException {
    enter();
    try {
      datagrams().connect(address);
      local = (InetSocketAddress) datagrams().localAddress();
      remote = address;
    } finally {
      leave();
    }
  }

  void disconnect() throws IOException {
    enter();
    try {
      datagrams().disconnect();
      local = (InetSocketAddress) datagrams().localAddress();
      remote = null;
    } finally {
      leave();
    }
  }

  void join(InetAddress group, @Nullable NetworkInterface network) throws IOException {
    enter();
    try {
      datagrams().join(group, network);
    } finally {
      leave();
    }
  }

  void leave(InetAddress group, @Nullable NetworkInterface network) throws IOException {
    enter();
    try {
      datagrams().leave(group, network);
    } finally {
      leave();
    }
  }

  long receiveTimeout() {
    return receiveTimeout;
  }

  /** From the next receive on. */
  void nextReceiveTimeout(long nanos) {
    receiveTimeout = nanos;
  }

  /** For the receive that waits now, too. */
  synchronized void receiveTimeout(long nanos) {
    receiveTimeout = nanos;
    inputTurn.timeout(nanos, Operation::hasReadTimeout);
  }

  /** Receives one datagram and returns who sent it. A throw has consumed none. */
  InetSocketAddress receive(ByteBuffer target) throws IOException {
    Call call = begin(inputTurn, Operation.RECEIVE, this::receiveTimeout);
    try {
      DatagramPort port = datagrams();
      for (; ; ) {
        InetSocketAddress sender = (InetSocketAddress) port.receive(target);
        if (sender != null) {
          inputTurn.resetSpin();
          return sender;
        }
        if (!waitFor(inputTurn, call, Readiness.READ)) {
          throw cutShort(inputTurn, call, 0);
        }
      }
    } finally {
      end(inputTurn, call);
    }
  }

  /** Sends one datagram. A throw has sent none. */
  void send(ByteBuffer source, InetSocketAddress target) throws IOException {
    Call call = begin(outputTurn, Operation.SEND, settings()::writeTimeout);
    try {
      DatagramPort port = datagrams();
      while (!port.send(source, target)) {
        if (!waitFor(outputTurn, call, Readiness.WRITE)) {
          throw cutShort(outputTurn, call, 0);
        }
      }
      outputTurn.resetSpin();
    } finally {
      end(outputTurn, call);
    }
  }
}
