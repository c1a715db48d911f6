package dev.cleanbreak;

import dev.cleanbreak.spi.DatagramPort;
import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The portable transport: NIO channels in non-blocking mode. In that mode an interrupt never closes
 * a channel, because the hook that does it is armed in blocking mode only (JDK 25, {@code
 * SocketChannelImpl.beginRead}).
 */
final class NioTransport implements Transport {
  static final String NAME = "nio";
  static final NioTransport INSTANCE = new NioTransport();

  private NioTransport() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public StreamPort openStream() throws IOException {
    return new NioStream(SocketChannel.open());
  }

  @Override
  public ListenerPort openListener() throws IOException {
    return new NioListener(ServerSocketChannel.open());
  }

  @Override
  public DatagramPort openDatagram() throws IOException {
    return new NioDatagram(DatagramChannel.open());
  }

  @Override
  public WritePoller openWritePoller() throws IOException {
    return new NioWritePoller();
  }
}
