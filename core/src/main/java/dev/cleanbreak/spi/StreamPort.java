package dev.cleanbreak.spi;

import java.io.IOException;
import java.net.SocketAddress;

/** A TCP endpoint. Every call returns at once. */
public interface StreamPort extends Port {
  /**
   * Starts to connect.
   *
   * @return whether the connection is already made; if not, wait for {@link Readiness#CONNECT} and
   *     call {@link #finishConnect}
   */
  boolean connect(SocketAddress remote) throws IOException;

  /** The peer's address; the port is connected. */
  SocketAddress remoteAddress() throws IOException;

  /** Whether the connection that was started is made by now; throws if it failed. */
  boolean finishConnect() throws IOException;

  /**
   * Reads what is there into {@code length} bytes of {@code target}: the bytes read, 0 when there
   * are none yet, -1 at the end of the stream.
   */
  int read(byte[] target, int offset, int length) throws IOException;

  /**
   * Whether a read is worth a try before a wait, as far as the port has been told without asking.
   * False also where it is not told of such things.
   */
  default boolean hasHeardOfBytes() {
    return false;
  }

  /**
   * What a read would find now, without taking it: 1 for at least one byte, 0 for none yet, -1 for
   * the end of the stream. A reading call. The reads that follow find the same, a failure included;
   * {@link #available} counts what a look has found; but no {@link Readiness} need tell of it, so
   * whoever has looked and found something tries to read before it waits.
   *
   * @throws IOException what the read would throw
   */
  int peek() throws IOException;

  /**
   * Writes what fits of {@code length} bytes of {@code source}: the bytes that the kernel accepted,
   * 0 when there is no room now.
   */
  int write(byte[] source, int offset, int length) throws IOException;

  /** The bytes that can be read without waiting. */
  int available() throws IOException;

  /** Sends one byte of urgent data; false when there is no room now. */
  boolean sendUrgent(int data) throws IOException;

  /** Whether urgent data is received in line. */
  boolean urgentInline() throws IOException;

  void urgentInline(boolean on) throws IOException;

  void shutdownInput() throws IOException;

  void shutdownOutput() throws IOException;
}
