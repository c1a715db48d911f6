package dev.cleanbreak;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;

/**
 * Stands where {@link java.net.ServerSocket} wants an implementation, so that it opens none of its
 * own. Every method that would reach it is overridden.
 */
final class NoSocketImpl extends SocketImpl {
  private static UnsupportedOperationException unreachable() {
    return new UnsupportedOperationException("this socket has no SocketImpl");
  }

  @Override
  protected void create(boolean stream) {
    throw unreachable();
  }

  @Override
  protected void connect(String host, int port) {
    throw unreachable();
  }

  @Override
  protected void connect(InetAddress address, int port) {
    throw unreachable();
  }

  @Override
  protected void connect(SocketAddress address, int timeout) {
    throw unreachable();
  }

  @Override
  protected void bind(InetAddress host, int port) {
    throw unreachable();
  }

  @Override
  protected void listen(int backlog) {
    throw unreachable();
  }

  @Override
  protected void accept(SocketImpl s) {
    throw unreachable();
  }

  @Override
  protected InputStream getInputStream() {
    throw unreachable();
  }

  @Override
  protected OutputStream getOutputStream() {
    throw unreachable();
  }

  @Override
  protected int available() {
    throw unreachable();
  }

  @Override
  protected void close() {
    throw unreachable();
  }

  @Override
  protected void sendUrgentData(int data) {
    throw unreachable();
  }

  @Override
  public void setOption(int optID, Object value) {
    throw unreachable();
  }

  @Override
  public Object getOption(int optID) {
    throw unreachable();
  }
}
