package dev.cleanbreak.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** {@link SocketChannel} in blocking mode with direct buffers. It has no timeouts. */
record ChannelEcho() implements EchoVariant {
  @Override
  public String name() {
    return "SocketChannel, blocking";
  }

  @Override
  public Variant open(EchoLoad load) throws IOException {
    return BlockingEcho.open(name(), load, ChannelEcho::connect);
  }

  private static WirePair connect(int bytes) throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SocketChannel client = SocketChannel.open(listener.getLocalAddress());
      return new WirePair(
          new ChannelWire(client, bytes), new ChannelWire(listener.accept(), bytes));
    }
  }

  private static final class ChannelWire implements Wire {
    private final SocketChannel channel;
    private final ByteBuffer message;

    ChannelWire(SocketChannel channel, int bytes) throws IOException {
      this.channel = channel;
      this.message = ByteBuffer.allocateDirect(bytes);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    @Override
    public void send() throws IOException {
      message.clear();
      while (message.hasRemaining()) {
        channel.write(message);
      }
    }

    @Override
    public boolean receive() throws IOException {
      message.clear();
      while (message.hasRemaining()) {
        if (channel.read(message) < 0) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
