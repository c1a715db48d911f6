package dev.cleanbreak.epoll;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.cleanbreak.spi.DatagramPort;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A UDP endpoint. */
final class EpollDatagram extends EpollPort implements DatagramPort {
  private static final short AF_UNSPEC = 0;
  private static final int SOCKADDR_SIZE = 28;

  // ipv6_mreq: group, index.
  private static final int MREQ6_INDEX = 16;
  private static final int MREQ6_SIZE = 20;

  private final MemorySegment readErrno = Libc.newErrno();
  private final MemorySegment writeErrno = Libc.newErrno();
  private final MemorySegment sender = onHeap();
  private final MemorySegment senderLength = MemorySegment.ofArray(new int[1]);
  private final MemorySegment receiver = onHeap();

  private volatile @Nullable InetSocketAddress remote;

  /** Where it was bound before the connect, which may choose another address. */
  private @Nullable SocketAddress bound;

  EpollDatagram(int fd, int family) {
    super(fd, family, Option.OF_DATAGRAMS);
    // A socket hears of the groups that it has joined itself, and of no others.
    Libc.setsockopt(fd, Abi.IPPROTO_IP, Abi.IP_MULTICAST_ALL, 0);
    if (family == Abi.AF_INET6) {
      Libc.setsockopt(fd, Abi.IPPROTO_IPV6, Abi.IPV6_MULTICAST_ALL, 0);
    }
  }

  private static MemorySegment onHeap() {
    // Of ints, for their alignment.
    return MemorySegment.ofArray(new int[SOCKADDR_SIZE / Integer.BYTES]);
  }

  // ---- peers

  @Override
  public void connect(SocketAddress address) throws IOException {
    if (((InetSocketAddress) address).getPort() == 0) {
      throw new SocketException("Can't connect to port 0");
    }
    if (localAddress() == null) {
      bind(null);
    }
    if (remote == null) {
      bound = localAddress();
    }
    Scratch scratch = Scratch.POOL.take();
    try {
      check(Libc.connect(fd, Sockaddr.encodePeer(address, family, scratch.value), scratch));
    } finally {
      Scratch.POOL.give(scratch);
    }
    remote = (InetSocketAddress) address;
    // What others have sent before is not this peer's.
    ByteBuffer away = ByteBuffer.allocate(0);
    while (receive(away) != null) {
      away.clear();
    }
  }

  @Override
  public void disconnect() throws IOException {
    if (remote == null) {
      return;
    }
    Scratch scratch = Scratch.POOL.take();
    try {
      scratch.value.fill((byte) 0);
      scratch.value.set(JAVA_SHORT, 0, AF_UNSPEC);
      check(Libc.connect(fd, SOCKADDR_SIZE, scratch));
      remote = null;
      if (localAddress() == null && bound != null) {
        // The kernel takes back a port that it has chosen itself.
        check(Libc.bind(fd, Sockaddr.encode(bound, family, scratch.value), scratch));
      }
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  // ---- datagrams

  @Override
  public @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
    readable = false;
    senderLength.set(JAVA_INT, 0, SOCKADDR_SIZE);
    int most = target.remaining();
    long n = Libc.recvfrom(fd, segment(target), most, sender, senderLength, readErrno);
    if (n >= 0) {
      // There may be more, of which the kernel will not tell again.
      readable = true;
      target.position(target.position() + (int) Math.min(n, most));
      return Sockaddr.decode(sender);
    }
    if (EpollStream.isForNow(n)) {
      return null;
    }
    readable = true;
    throw Errno.datagramException(n);
  }

  @Override
  public boolean send(ByteBuffer source, SocketAddress to) throws IOException {
    InetSocketAddress peer = remote;
    if (peer != null && !peer.equals(to)) {
      throw new SocketException("Connected to " + peer + ", not to " + to);
    }
    writable = false;
    int length = peer == null ? Sockaddr.encodePeer(to, family, receiver) : 0;
    int size = source.remaining();
    long n =
        Libc.sendto(
            fd,
            segment(source),
            size,
            peer == null ? receiver : MemorySegment.NULL,
            length,
            writeErrno);
    if (n >= 0) {
      writable = true;
      source.position(source.limit());
      return true;
    }
    if (EpollStream.isForNow(n)) {
      return false;
    }
    writable = true;
    if (n == -Errno.ENOBUFS) {
      // It is the device that has no room, of which the kernel will not tell.
      return false;
    }
    throw Errno.datagramException(n);
  }

  private static MemorySegment segment(ByteBuffer buffer) {
    return buffer.hasArray()
        ? MemorySegment.ofArray(buffer.array())
            .asSlice(buffer.arrayOffset() + buffer.position(), buffer.remaining())
        : MemorySegment.ofBuffer(buffer);
  }

  // ---- groups

  @Override
  public void join(InetAddress group, @Nullable NetworkInterface network) throws IOException {
    member(group, network, Abi.IP_ADD_MEMBERSHIP, Abi.IPV6_ADD_MEMBERSHIP);
  }

  @Override
  public void leave(InetAddress group, @Nullable NetworkInterface network) throws IOException {
    member(group, network, Abi.IP_DROP_MEMBERSHIP, Abi.IPV6_DROP_MEMBERSHIP);
  }

  private void member(InetAddress group, @Nullable NetworkInterface network, int four, int six)
      throws IOException {
    boolean ipv4 = group instanceof Inet4Address;
    byte[] bytes = group.getAddress();
    int index = network == null ? 0 : network.getIndex();
    Scratch scratch = Scratch.POOL.take();
    try {
      MemorySegment request = scratch.value;
      request.asSlice(0, MREQ6_SIZE).fill((byte) 0);
      MemorySegment.copy(bytes, 0, request, JAVA_BYTE, 0, bytes.length);
      request.set(JAVA_INT, ipv4 ? Abi.MREQN_INDEX : MREQ6_INDEX, index);
      int result =
          ipv4
              ? Libc.setsockopt(fd, Abi.IPPROTO_IP, four, Abi.MREQN_SIZE, scratch)
              : Libc.setsockopt(fd, Abi.IPPROTO_IPV6, six, MREQ6_SIZE, scratch);
      if (result < 0) {
        throw Errno.streamException(result);
      }
    } finally {
      Scratch.POOL.give(scratch);
    }
  }
}
