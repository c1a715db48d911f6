package dev.cleanbreak;

import dev.cleanbreak.spi.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A UDP endpoint on a {@link DatagramChannel}. */
final class NioDatagram extends NioPort<DatagramChannel> implements DatagramPort {
  private record Membership(InetAddress group, NetworkInterface network) {}

  private final Map<Membership, MembershipKey> memberships = new ConcurrentHashMap<>();

  NioDatagram(DatagramChannel channel) throws IOException {
    super(channel);
  }

  @Override
  public void connect(SocketAddress remote) throws IOException {
    channel.connect(remote);
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
  public void join(InetAddress group, NetworkInterface network) throws IOException {
    Membership membership = new Membership(group, network);
    if (memberships.containsKey(membership)) {
      throw new SocketException("Already a member of the group " + group);
    }
    memberships.put(membership, channel.join(group, network));
  }

  @Override
  public void leave(InetAddress group, NetworkInterface network) throws IOException {
    MembershipKey key = memberships.remove(new Membership(group, network));
    if (key == null) {
      throw new SocketException("Not a member of the group " + group);
    }
    key.drop();
  }
}
