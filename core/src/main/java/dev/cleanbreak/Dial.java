package dev.cleanbreak;

import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;

/**
 * A connect in progress: opens TCP connections, one after the other, and exchanges bytes with the
 * proxy at the other end. Every wait is one of the same call, so that one scope, one timeout, an
 * interrupt and a close bound all of it. Belongs to the thread that connects.
 */
final class Dial {
  private final StreamConnection connection;
  private final Call call;
  private final boolean looksUpFirst;
  private boolean used;

  /**
   * A connect by {@code call}, which has the turn.
   *
   * @param looksUpFirst whether a name is looked up here, where it can be, before a proxy is told
   */
  Dial(StreamConnection connection, Call call, boolean looksUpFirst) {
    this.connection = connection;
    this.call = call;
    this.looksUpFirst = looksUpFirst;
  }

  /**
   * Opens a TCP connection in the place of the one before. Of a name with several addresses all are
   * tried (RFC 8305), except from a local address that was asked for: from there only one can be.
   *
   * @return the address that was reached
   * @throws UnknownHostException if a name has no address
   */
  InetSocketAddress open(InetSocketAddress address) throws IOException {
    if (!address.isUnresolved()) {
      openOne(address);
      return address;
    }
    List<InetAddress> found = lookUp(address.getHostString());
    try {
      if (found.size() > 1 && !isBound()) {
        used = true;
        return new ConnectRace(connection, call, address, ConnectRace.interleaved(found)).run();
      }
      InetSocketAddress only = new InetSocketAddress(reachable(found), address.getPort());
      connection.connecting("; tried " + only);
      openOne(only);
      return only;
    } finally {
      connection.connecting("");
    }
  }

  private void openOne(InetSocketAddress resolved) throws IOException {
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

  private boolean isBound() {
    return connection.localAddressOrNull() != null;
  }

  /** From an address of one family only the other end's addresses of that family are reachable. */
  private InetAddress reachable(List<InetAddress> found) {
    if (!(connection.localAddressOrNull() instanceof InetSocketAddress local)
        || local.getAddress().isAnyLocalAddress()) {
      return found.getFirst();
    }
    boolean ipv4 = ConnectRace.isIpv4(local.getAddress());
    return found.stream()
        .filter(each -> ConnectRace.isIpv4(each) == ipv4)
        .findFirst()
        .orElse(found.getFirst());
  }

  private List<InetAddress> lookUp(String host) throws IOException {
    connection.connecting("; looking up " + host);
    try {
      List<InetAddress> found = connection.settings().names().addresses(host, call);
      if (found == null) {
        throw connection.cutShort(connection.outputTurn, call, 0);
      }
      return found;
    } finally {
      connection.connecting("");
    }
  }

  /** The destination as a proxy is told: one that knows more names than this host may ask. */
  InetSocketAddress toldToProxy(InetSocketAddress destination) throws IOException {
    if (!looksUpFirst || !destination.isUnresolved()) {
      return destination;
    }
    try {
      InetAddress address = lookUp(destination.getHostString()).getFirst();
      return new InetSocketAddress(address, destination.getPort());
    } catch (UnknownHostException leftToTheProxy) {
      return destination;
    }
  }

  /** The resolved address of the other end of the TCP connection. */
  InetAddress peer() throws IOException {
    return ((InetSocketAddress) connection.streamPort().remoteAddress()).getAddress();
  }

  void send(byte[] request) throws IOException {
    StreamPort port = connection.streamPort();
    for (int sent = 0; sent < request.length; ) {
      int n = port.write(request, sent, request.length - sent);
      if (n == 0) {
        await(Readiness.WRITE);
      }
      sent += n;
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
    int got = 0;
    while (got < count) {
      int n = port.read(reply, got, count - got);
      if (n < 0) {
        throw new SocketException(
            "Malformed reply from proxy: the stream ended after "
                + (got + " of " + count + " bytes of " + what)
                + (got == 0 ? "" : ": " + HexFormat.ofDelimiter(" ").formatHex(reply, 0, got)));
      }
      if (n == 0) {
        await(Readiness.READ);
      }
      got += n;
    }
    return reply;
  }

  private void await(int interest) throws IOException {
    if (!connection.waitFor(connection.outputTurn, call, interest)) {
      throw connection.cutShort(connection.outputTurn, call, 0);
    }
  }
}
