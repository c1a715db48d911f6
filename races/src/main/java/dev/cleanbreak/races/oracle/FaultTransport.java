package dev.cleanbreak.races.oracle;

import dev.cleanbreak.spi.DatagramPort;
import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Real sockets over a link that jams at exactly byte N. Everything else is the transport beneath.
 *
 * <p>One for all sockets of a run: the drainer serves all sockets of a transport.
 */
final class FaultTransport implements Transport {
  private final Transport real;
  private final Breakage breakage;
  private final ConcurrentMap<SocketAddress, Link> links = new ConcurrentHashMap<>();
  private final List<FaultWritePoller> pollers = new CopyOnWriteArrayList<>();

  FaultTransport(Transport real, Breakage breakage) {
    this.real = real;
    this.breakage = breakage;
  }

  Breakage breakage() {
    return breakage;
  }

  @Override
  public String name() {
    return "fault over " + real.name();
  }

  @Override
  public StreamPort openStream() throws IOException {
    FaultStream stream = new FaultStream(real.openStream(), this);
    stream.link.onOpen(() -> pollers.forEach(FaultWritePoller::wake));
    return stream;
  }

  @Override
  public ListenerPort openListener() throws IOException {
    return real.openListener();
  }

  @Override
  public DatagramPort openDatagram() throws IOException {
    return real.openDatagram();
  }

  @Override
  public WritePoller openWritePoller() throws IOException {
    FaultWritePoller poller = new FaultWritePoller(real.openWritePoller(), pollers::remove);
    pollers.add(poller);
    return poller;
  }

  void connected(FaultStream stream) throws IOException {
    links.put(Objects.requireNonNull(stream.localAddress()), stream.link);
  }

  /** The link of the connection from the local port {@code address}; can be taken once. */
  Link take(SocketAddress address) {
    return Objects.requireNonNull(links.remove(address), () -> "no link from " + address);
  }
}
