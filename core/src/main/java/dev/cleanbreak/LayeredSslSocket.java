package dev.cleanbreak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** What a TLS socket leaves to the socket beneath: addresses, options and timeouts. */
abstract class LayeredSslSocket extends SSLSocket {
  final CleanSocket beneath;

  LayeredSslSocket(CleanSocket beneath) {
    this.beneath = beneath;
  }

  @Override
  public void bind(@Nullable SocketAddress bindpoint) throws IOException {
    beneath.bind(bindpoint);
  }

  @Override
  public boolean isConnected() {
    return beneath.isConnected();
  }

  @Override
  public boolean isBound() {
    return beneath.isBound();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return beneath.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return beneath.getLocalAddress();
  }

  @Override
  public int getPort() {
    return beneath.getPort();
  }

  @Override
  public int getLocalPort() {
    return beneath.getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return beneath.getRemoteSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return beneath.getLocalSocketAddress();
  }

  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    beneath.setSoTimeout(timeout);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return beneath.getSoTimeout();
  }

  @Override
  public <T> LayeredSslSocket setOption(SocketOption<T> name, T value) throws IOException {
    beneath.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return beneath.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return beneath.supportedOptions();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    beneath.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return beneath.getTcpNoDelay();
  }

  @Override
  public void setSoLinger(boolean on, int linger) throws SocketException {
    beneath.setSoLinger(on, linger);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return beneath.getSoLinger();
  }

  /** Unsupported, as for every TLS socket: urgent data would stand between the records. */
  @Override
  public void sendUrgentData(int data) throws SocketException {
    throw new SocketException("This method is not supported by SSLSockets");
  }

  /** Unsupported, as {@link #sendUrgentData}. */
  @Override
  public void setOOBInline(boolean on) throws SocketException {
    throw new SocketException(
        "This method is ineffective, since sending urgent data is not supported by SSLSockets");
  }

  /** Unsupported, as {@link #sendUrgentData}. */
  @Override
  public boolean getOOBInline() throws SocketException {
    throw new SocketException(
        "This method is ineffective, since sending urgent data is not supported by SSLSockets");
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    beneath.setSendBufferSize(size);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return beneath.getSendBufferSize();
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    beneath.setReceiveBufferSize(size);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return beneath.getReceiveBufferSize();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    beneath.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return beneath.getKeepAlive();
  }

  @Override
  public void setTrafficClass(int tc) throws SocketException {
    beneath.setTrafficClass(tc);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return beneath.getTrafficClass();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    beneath.setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return beneath.getReuseAddress();
  }

  /** Has no effect, as in the JDK's own implementation. */
  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}
}
