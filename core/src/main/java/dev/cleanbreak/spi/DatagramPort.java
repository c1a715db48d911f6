package dev.cleanbreak.spi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A UDP endpoint. Every call returns at once and moves a whole datagram or none. */
public interface DatagramPort extends Port {
  /** Connects, in the place of an earlier peer, which stays if this fails. */
  void connect(SocketAddress remote) throws IOException;

  void disconnect() throws IOException;

  /**
   * Receives one datagram into {@code target}; what does not fit is dropped.
   *
   * @return who sent it, or null when none is there now
   */
  @Nullable SocketAddress receive(ByteBuffer target) throws IOException;

  /** Sends one datagram to {@code remote}; false when there is no room now. */
  boolean send(ByteBuffer source, SocketAddress remote) throws IOException;

  /** Joins a group on {@code network}; null leaves the choice to the system. */
  void join(InetAddress group, @Nullable NetworkInterface network) throws IOException;

  /** Leaves a group as it was joined. */
  void leave(InetAddress group, @Nullable NetworkInterface network) throws IOException;
}
