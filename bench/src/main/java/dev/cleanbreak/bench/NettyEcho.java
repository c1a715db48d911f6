package dev.cleanbreak.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Netty with its native epoll transport where there is one, without timeouts. Nothing blocks here:
 * event loops do the work, as many as Netty makes by itself. It echoes what comes at once; the
 * blocking variants first read the whole message.
 */
record NettyEcho() implements EchoVariant {
  @Override
  public String name() {
    return "Netty, " + (Epoll.isAvailable() ? "epoll" : "NIO") + ", event loops";
  }

  @Override
  public Variant open(EchoLoad load) throws IOException {
    return new Loops(name(), load);
  }

  private static final class Loops implements Variant {
    private static final long HANG_SECONDS = 60;

    private final String name;
    private final EventLoopGroup group = newGroup();
    private final List<Client> clients = new ArrayList<>();

    Loops(String name, EchoLoad load) throws IOException {
      this.name = name;
      // Stays open: closing it would reset the connections that it has not handed over yet.
      Channel listener = listen(group);
      try {
        for (int i = 0; i < load.connections(); i++) {
          Client client = new Client(load.bytes());
          connect(client, listener);
          clients.add(client);
        }
      } catch (RuntimeException e) {
        close();
        throw new IOException("Netty cannot connect", e);
      }
    }

    private void connect(Client client, Channel listener) {
      new Bootstrap()
          .group(group)
          .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .handler(client)
          .connect(listener.localAddress())
          .syncUninterruptibly();
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double[] round(Duration slice) throws Exception {
      CountDownLatch finished = new CountDownLatch(clients.size());
      RoundTrips round = new RoundTrips();
      clients.forEach(client -> client.start(finished));
      Thread.sleep(slice);
      clients.forEach(Client::stop);
      if (!finished.await(HANG_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(finished.getCount() + " connections of Netty hang or broke");
      }
      return round.end(clients.stream().mapToLong(Client::roundTrips).sum());
    }

    @Override
    public void close() {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private static EventLoopGroup newGroup() {
    return new MultiThreadIoEventLoopGroup(
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  private static Channel listen(EventLoopGroup group) {
    return new ServerBootstrap()
        .group(group)
        .channel(
            Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(Echo.INSTANCE);
              }
            })
        .option(ChannelOption.SO_BACKLOG, EchoServer.BACKLOG)
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .syncUninterruptibly()
        .channel();
  }

  /** Echoes of Netty alone, as a server. */
  static EchoServer server() {
    EventLoopGroup group = newGroup();
    Channel listener = listen(group);
    return new EchoServer() {
      @Override
      public SocketAddress address() {
        return listener.localAddress();
      }

      @Override
      public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      }
    };
  }

  /** So many connections to peers that send nothing. */
  static Closeable idle(int count) throws IOException {
    EventLoopGroup group = newGroup();
    Backlog peers = new Backlog();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .handler(Echo.INSTANCE);
    for (int i = 0; i < count; i++) {
      bootstrap.connect(peers.nextAddress()).syncUninterruptibly();
    }
    return () -> {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      peers.close();
    };
  }

  @Sharable
  private static final class Echo extends ChannelInboundHandlerAdapter {
    static final Echo INSTANCE = new Echo();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var _ = context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }

  /** Sends the next message when the last one is back. The counts belong to its event loop. */
  private static final class Client extends ChannelInboundHandlerAdapter {
    private final ByteBuf message;
    private @org.jspecify.annotations.Nullable ChannelHandlerContext context;
    private CountDownLatch finished = new CountDownLatch(0);
    private volatile boolean running;
    private int received;
    private long roundTrips;

    Client(int bytes) {
      message = Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes).writeZero(bytes));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
    }

    void start(CountDownLatch whenFinished) {
      ChannelHandlerContext open = java.util.Objects.requireNonNull(context, "not connected");
      running = true;
      open.executor()
          .execute(() -> {
            finished = whenFinished;
            roundTrips = 0;
            send(open);
          });
    }

    void stop() {
      running = false;
    }

    /** Of the round that has finished. */
    long roundTrips() {
      return roundTrips;
    }

    private void send(ChannelHandlerContext open) {
      var _ = open.writeAndFlush(message.duplicate(), open.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext open, Object read) {
      ByteBuf part = (ByteBuf) read;
      received += part.readableBytes();
      part.release();
      if (received < message.readableBytes()) {
        return;
      }
      received = 0;
      roundTrips++;
      if (running) {
        send(open);
      } else {
        finished.countDown();
      }
    }
  }
}
