package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A connect in progress: opens TCP connections, one after the other, and exchanges bytes with the
 * proxy at the other end. Every wait is one of the same call, so that one scope, one timeout, an
 * interrupt and a close bound all of it. Belongs to the thread that connects.
 */
final class Dial {
  private final StreamConnection connection;
  private final Call call;
  private boolean used;

  Dial(StreamConnection connection, Call call) {
    this.connection = connection;
    this.call = call;
  }

  /** Opens a TCP connection to {@code address}, in the place of the one before. */
  void open(InetSocketAddress address) throws IOException {
    InetSocketAddress resolved = resolved(address);
    if (used) {
      connection.renewStreamPort();
    }
    used = true;
    StreamPort port = connection.streamPort();
    // The second look is for this host: there it is done at once and needs no selector.
    boolean connected = port.connect(resolved) || port.finishConnect();
    while (!connected) {
      await(Readiness.CONNECT);
      connected = port.finishConnect();
    }
  }

  private static InetSocketAddress resolved(InetSocketAddress address) throws IOException {
    return address.isUnresolved()
        ? new InetSocketAddress(InetAddress.getByName(address.getHostString()), address.getPort())
        : address;
  }

  /** The resolved address of the other end of the TCP connection. */
  InetAddress peer() throws IOException {
    return ((InetSocketAddress) connection.streamPort().remoteAddress()).getAddress();
  }

  void send(byte[] request) throws IOException {
    StreamPort port = connection.streamPort();
    ByteBuffer left = ByteBuffer.wrap(request);
    while (left.hasRemaining()) {
      if (port.write(left) == 0) {
        await(Readiness.WRITE);
      }
    }
  }

  /**
   * Reads exactly {@code count} bytes: the ones behind them may be the destination's already.
   *
   * @param what the name of these bytes in the message
   * @throws SocketException if the stream ends first
   */
  byte[] receive(int count, String what) throws IOException {
    StreamPort port = connection.streamPort();
    byte[] reply = new byte[count];
    ByteBuffer missing = ByteBuffer.wrap(reply);
    while (missing.hasRemaining()) {
      int n = port.read(missing);
      if (n < 0) {
        int got = missing.position();
        throw new SocketException(
            "Malformed reply from proxy: the stream ended after "
                + (got + " of " + count + " bytes of " + what)
                + (got == 0 ? "" : ": " + HexFormat.ofDelimiter(" ").formatHex(reply, 0, got)));
      }
      if (n == 0) {
        await(Readiness.READ);
      }
    }
    return reply;
  }

  private void await(int interest) throws IOException {
    if (!connection.waitFor(connection.outputTurn, call, interest)) {
      throw connection.cutShort(connection.outputTurn, call, 0);
    }
  }
}
