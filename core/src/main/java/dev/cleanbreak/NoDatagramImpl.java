package dev.cleanbreak;

import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;

/**
 * Stands where {@link java.net.DatagramSocket} wants an implementation, so that it opens none of
 * its own. Every method that would reach it is overridden.
 */
@SuppressWarnings("removal") // DatagramSocketImpl still asks for them
final class NoDatagramImpl extends DatagramSocketImpl {
  private static UnsupportedOperationException unreachable() {
    return new UnsupportedOperationException("this socket has no DatagramSocketImpl");
  }

  @Override
  protected void create() {
    throw unreachable();
  }

  @Override
  protected void bind(int port, InetAddress address) {
    throw unreachable();
  }

  @Override
  protected void send(DatagramPacket packet) {
    throw unreachable();
  }

  @Override
  protected int peek(InetAddress address) {
    throw unreachable();
  }

  @Override
  protected int peekData(DatagramPacket packet) {
    throw unreachable();
  }

  @Override
  protected void receive(DatagramPacket packet) {
    throw unreachable();
  }

  @Override
  @Deprecated
  protected void setTTL(byte ttl) {
    throw unreachable();
  }

  @Override
  @Deprecated
  protected byte getTTL() {
    throw unreachable();
  }

  @Override
  protected void setTimeToLive(int ttl) {
    throw unreachable();
  }

  @Override
  protected int getTimeToLive() {
    throw unreachable();
  }

  @Override
  protected void join(InetAddress address) {
    throw unreachable();
  }

  @Override
  protected void leave(InetAddress address) {
    throw unreachable();
  }

  @Override
  protected void joinGroup(SocketAddress group, NetworkInterface network) {
    throw unreachable();
  }

  @Override
  protected void leaveGroup(SocketAddress group, NetworkInterface network) {
    throw unreachable();
  }

  @Override
  protected void close() {
    throw unreachable();
  }

  @Override
  public void setOption(int option, Object value) {
    throw unreachable();
  }

  @Override
  public Object getOption(int option) {
    throw unreachable();
  }
}
