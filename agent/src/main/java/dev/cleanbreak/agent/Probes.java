package dev.cleanbreak.agent;

import dev.cleanbreak.agent.Probe.Point;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of probes: every way by which a call is cut, and every place where one is seen to end.
 */
final class Probes {
  static final List<Probe> ALL = all();

  private Probes() {}

  private static List<Probe> all() {
    List<Probe> all = new ArrayList<>();
    threads(all);
    sockets(all);
    channels(all);
    datagrams(all);
    tls(all);
    return List.copyOf(all);
  }

  private static void threads(List<Probe> all) {
    new Site("java.lang.Thread").deed("interrupt", "()V", "interrupt").addTo(all);
    new Site("java.lang.VirtualThread").since(21).deed("interrupt", "()V", "interrupt").addTo(all);
    // Also those that the JVM itself makes: Thread.sleep, Object.wait.
    new Site("java.lang.InterruptedException").born().addTo(all);
  }

  private static void sockets(List<Probe> all) {
    // The deed is known by the implementation; what Socket itself throws, by the Socket.
    new Site("sun.nio.ch.NioSocketImpl")
        .addresses(null, Probe.THIS)
        .deed("close", "()V", "close")
        .deed("shutdownInput", "()V", "shutdownInput")
        .deed("shutdownOutput", "()V", "shutdownOutput")
        .thrown("read", "([BII)I")
        .thrown("write", "([BII)V")
        .thrown("accept", "(Ljava/net/SocketImpl;)V")
        .thrown("connect", "(Ljava/net/SocketAddress;I)V")
        .thrown("sendUrgentData", "(I)V")
        .thrown("ensureOpen", "()V")
        .at(Point.READ_EOF, "read", "([BII)I", "ended")
        .addTo(all);
    new Site("java.net.Socket")
        .addresses(null, "impl")
        .deed("close", "()V", "close")
        .deed("shutdownInput", "()V", "shutdownInput")
        .deed("shutdownOutput", "()V", "shutdownOutput")
        .deed("setSoTimeout", "(I)V", "setTimeout")
        .thrown("connect", "(Ljava/net/SocketAddress;I)V")
        .thrown("getInputStream", "()")
        .thrown("getOutputStream", "()")
        .thrown("getSoTimeout", "()I")
        .thrown("setSoTimeout", "(I)V")
        .thrown("setTcpNoDelay", "(Z)V")
        .thrown("setKeepAlive", "(Z)V")
        .thrown("sendUrgentData", "(I)V")
        .thrown("shutdownInput", "()V")
        .thrown("shutdownOutput", "()V")
        .addTo(all);
    // Virtual threads: these make a new exception of an interrupt.
    new Site("java.net.Socket$SocketInputStream")
        .key("parent")
        .thrown("read", "([BII)I")
        .addTo(all);
    new Site("java.net.Socket$SocketOutputStream")
        .key("parent")
        .thrown("write", "([BII)V")
        .addTo(all);
    new Site("java.net.ServerSocket")
        .addresses(null, "impl")
        .deed("close", "()V", "close")
        .deed("setSoTimeout", "(I)V", "setTimeout")
        .thrown("accept", "()Ljava/net/Socket;")
        .thrown("getSoTimeout", "()I")
        .thrown("setSoTimeout", "(I)V")
        .addTo(all);
  }

  private static void channels(List<Probe> all) {
    new Site("java.nio.channels.spi.AbstractInterruptibleChannel")
        .deed("close", "()V", "close")
        .at(Point.THROWN, "end", "(Z)V", "thrownInChannel")
        .addTo(all);
    // Up to 23 an interrupt closes the channel past its close().
    new Site("java.nio.channels.spi.AbstractSelectableChannel")
        .deed("implCloseChannel", "()V", "close")
        .addTo(all);
    new Site("sun.nio.ch.FileChannelImpl")
        .deed("implCloseChannel", "()V", "close")
        .thrown("ensureOpen", "()V")
        .addTo(all);
    new Site("sun.nio.ch.SocketChannelImpl")
        .addresses("localAddress", "remoteAddress")
        .deed("shutdownInput", "()", "shutdownInput")
        .deed("shutdownOutput", "()", "shutdownOutput")
        .thrown("read", "(")
        .thrown("write", "(")
        .thrown("connect", "(")
        .thrown("finishConnect", "(")
        .thrown("blockingConnect", "(")
        .thrown("blockingRead", "(")
        .thrown("blockingWriteFully", "(")
        .thrown("sendOutOfBandData", "(")
        .thrown("ensureOpen", "()V")
        .until(24)
        .at(Point.MINUS_ONE, "read", "(", "ended")
        .since(24)
        .at(Point.MINUS_ONE, "implRead", "(", "ended")
        .addTo(all);
    new Site("sun.nio.ch.SocketAdaptor")
        .key("sc")
        .deed("setSoTimeout", "(I)V", "setTimeout")
        .addTo(all);
    new Site("sun.nio.ch.ServerSocketChannelImpl")
        .addresses("localAddress", null)
        .thrown("accept", "()")
        .thrown("blockingAccept", "(")
        .thrown("ensureOpen", "()V")
        .addTo(all);
    new Site("java.nio.channels.spi.AbstractSelector").deed("close", "()V", "close").addTo(all);
    new Site("java.nio.channels.spi.AbstractSelector$1")
        .key("this$0")
        .at(Point.ENTRY_WITH_ARGUMENT, "interrupt", "(Ljava/lang/Thread;)V", "selectInterrupted")
        // From 24 on, the way of a flag that was up before.
        .since(Site.NEVER)
        .deed("postInterrupt", "()V", "selectReturned")
        .addTo(all);
    new Site("sun.nio.ch.SelectorImpl").thrown("lockAndDoSelect", "(").addTo(all);
    // A virtual thread's select, from 24 on and on Linux.
    new Site("sun.nio.ch.EPollSelectorImpl")
        .since(Site.NEVER)
        .at(Point.RETURN, "timedPoll", "(J)I", "selectReturned")
        .at(Point.RETURN, "untimedPoll", "(Z)I", "selectReturned")
        .addTo(all);
    // What waits on these ends in the thread of who closes.
    new Site("sun.nio.ch.AsynchronousSocketChannelImpl").deed("close", "()V", "close").addTo(all);
    new Site("sun.nio.ch.AsynchronousServerSocketChannelImpl")
        .deed("close", "()V", "close")
        .addTo(all);
    new Site("java.nio.channels.AsynchronousCloseException").born().addTo(all);
  }

  private static void datagrams(List<Probe> all) {
    new Site("sun.nio.ch.DatagramChannelImpl")
        .addresses("localAddress", "remoteAddress")
        .thrown("read", "(")
        .thrown("write", "(")
        .thrown("receive", "(Ljava/nio/ByteBuffer;)")
        .thrown("send", "(Ljava/nio/ByteBuffer;")
        .thrown("blockingReceive", "(")
        .thrown("blockingSend", "(")
        .thrown("ensureOpen", "()V")
        .addTo(all);
    new Site("sun.nio.ch.DatagramSocketAdaptor")
        .key("dc")
        .deed("setSoTimeout", "(I)V", "setTimeout")
        .thrown("receive", "(")
        .thrown("send", "(")
        .addTo(all);
  }

  private static void tls(List<Probe> all) {
    new Site("sun.security.ssl.SSLSocketImpl")
        .addresses(null, null)
        .deed("close", "()V", "close")
        .deed("shutdownInput", "()V", "shutdownInput")
        .deed("shutdownOutput", "()V", "shutdownOutput")
        .thrown("startHandshake", "(Z)V")
        .thrown("handleEOF", "(")
        .addTo(all);
    new Site("sun.security.ssl.SSLSocketImpl$AppInputStream")
        .key("this$0")
        .thrown("read", "([BII)I")
        .at(Point.MINUS_ONE, "read", "([BII)I", "ended")
        .addTo(all);
    new Site("sun.security.ssl.SSLSocketImpl$AppOutputStream")
        .key("this$0")
        .thrown("write", "([BII)V")
        .addTo(all);
  }

  /** A class, and what its probes have in common. */
  private static final class Site {
    private static final int EVER = 17;
    private static final int NEVER = Integer.MAX_VALUE;

    private final String type;
    private final List<Probe> probes = new ArrayList<>();
    private @Nullable String key;
    private @Nullable String local;
    private @Nullable String remote;
    private int since = EVER;
    private int until = NEVER;

    Site(String type) {
      this.type = type;
    }

    Site key(String field) {
      key = field;
      return this;
    }

    Site addresses(@Nullable String localField, @Nullable String remoteField) {
      local = localField;
      remote = remoteField;
      return this;
    }

    /** For the probes after it. */
    Site since(int version) {
      since = version;
      until = NEVER;
      return this;
    }

    /** For the probes after it. */
    Site until(int version) {
      since = EVER;
      until = version;
      return this;
    }

    Site deed(String method, String descriptor, String hook) {
      return at(Point.ENTRY, method, descriptor, hook);
    }

    Site thrown(String method, String descriptor) {
      return at(Point.THROWN, method, descriptor, "thrown");
    }

    Site born() {
      return at(Point.RETURN, "<init>", "(", "born");
    }

    Site at(Point point, String method, String descriptor, String hook) {
      probes.add(
          new Probe(type, method, descriptor, point, hook, key, local, remote, since, until));
      return this;
    }

    void addTo(List<Probe> all) {
      all.addAll(probes);
    }
  }
}
