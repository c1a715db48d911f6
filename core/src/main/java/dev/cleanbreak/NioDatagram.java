package dev.cleanbreak;

import dev.cleanbreak.spi.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** A UDP endpoint on a {@link DatagramChannel}. */
final class NioDatagram extends NioPort<DatagramChannel> implements DatagramPort {
  NioDatagram(DatagramChannel channel) throws IOException {
    super(channel);
  }

  @Override
  public void connect(SocketAddress remote) throws IOException {
    // The channel's socket goes over from one peer to another, and keeps the old one if it fails.
    asSocket(() -> {
      channel.socket().connect(remote);
      return remote;
    });
  }

  @Override
  public void disconnect() throws IOException {
    channel.disconnect();
  }

  @Override
  public @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
    return channel.receive(target);
  }

  @Override
  public boolean send(ByteBuffer source, SocketAddress remote) throws IOException {
    int size = source.remaining();
    try {
      // An empty datagram reports 0 bytes whether or not it was sent; it always fits.
      return channel.send(source, remote) > 0 || size == 0;
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  @Override
  public void join(InetAddress group, @Nullable NetworkInterface network) throws IOException {
    channel.socket().joinGroup(new InetSocketAddress(group, 0), network);
  }

  @Override
  public void leave(InetAddress group, @Nullable NetworkInterface network) throws IOException {
    channel.socket().leaveGroup(new InetSocketAddress(group, 0), network);
  }
}
