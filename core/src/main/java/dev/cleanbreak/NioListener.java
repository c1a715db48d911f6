package dev.cleanbreak;

import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A TCP listener on a {@link ServerSocketChannel}. */
final class NioListener extends NioPort<ServerSocketChannel> implements ListenerPort {
  NioListener(ServerSocketChannel channel) throws IOException {
    super(channel);
  }

  @Override
  public void bind(@Nullable SocketAddress local, int backlog) throws IOException {
    asSocket(() -> channel.bind(local, backlog));
  }

  @Override
  public @Nullable StreamPort accept() throws IOException {
    SocketChannel accepted = channel.accept();
    return accepted == null ? null : new NioStream(accepted);
  }
}
