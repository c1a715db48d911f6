package dev.cleanbreak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CleanServerSocket} that accepts {@link CleanSslSocket}s. The accept does not handshake:
 * a slow or silent peer holds up its own socket only. Settings apply to sockets accepted later.
 * Made by {@link CleanSslServerSocketFactory}; thread-safe as {@code CleanServerSocket}.
 */
public final class CleanSslServerSocket extends SSLServerSocket {
  private final SSLContext context;
  final CleanServerSocket beneath;

  /** Never handshakes: it keeps the settings of the sockets to come. */
  private final SSLEngine template;

  CleanSslServerSocket(SSLContext context, CleanServerSocket beneath) throws IOException {
    this.context = context;
    this.beneath = beneath;
    this.template = context.createSSLEngine();
    template.setUseClientMode(false);
  }

  /** As {@link CleanServerSocket#accept}. The handshake comes with the socket's first use. */
  @Override
  public CleanSslSocket accept() throws IOException {
    CleanSocket accepted = beneath.accept();
    try {
      CleanSslSocket socket =
          new CleanSslSocket(
              context,
              accepted,
              Objects.requireNonNull(accepted.getInetAddress()).getHostAddress(),
              accepted.getPort(),
              false,
              new byte[0],
              true);
      socket.takeSettings(template);
      return socket;
    } catch (RuntimeException e) {
      accepted.close();
      throw e;
    }
  }

  /** As {@link CleanServerSocket#close}. */
  @Override
  public void close() {
    beneath.close();
  }

  // ---- the listener

  @Override
  public void bind(@Nullable SocketAddress endpoint) throws IOException {
    beneath.bind(endpoint);
  }

  @Override
  public void bind(@Nullable SocketAddress endpoint, int backlog) throws IOException {
    beneath.bind(endpoint, backlog);
  }

  @Override
  public boolean isBound() {
    return beneath.isBound();
  }

  @Override
  public boolean isClosed() {
    return beneath.isClosed();
  }

  @Override
  public @Nullable ServerSocketChannel getChannel() {
    return null;
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return beneath.getInetAddress();
  }

  @Override
  public int getLocalPort() {
    return beneath.getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return beneath.getLocalSocketAddress();
  }

  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    beneath.setSoTimeout(timeout);
  }

  @Override
  public int getSoTimeout() throws IOException {
    return beneath.getSoTimeout();
  }

  /** As {@link CleanServerSocket#setAcceptTimeout}: also for the accept that waits now. */
  public void setAcceptTimeout(Duration timeout) throws SocketException {
    beneath.setAcceptTimeout(timeout);
  }

  @Override
  public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
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
  public void setReuseAddress(boolean on) throws SocketException {
    beneath.setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return beneath.getReuseAddress();
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    beneath.setReceiveBufferSize(size);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return beneath.getReceiveBufferSize();
  }

  /** Has no effect, as in the JDK's own implementation. */
  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

  // ---- the settings of the sockets to come

  @Override
  public String[] getSupportedCipherSuites() {
    return template.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return template.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    template.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return template.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return template.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    template.setEnabledProtocols(protocols);
  }

  @Override
  public void setUseClientMode(boolean mode) {
    template.setUseClientMode(mode);
  }

  @Override
  public boolean getUseClientMode() {
    return template.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    template.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return template.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    template.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return template.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    template.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return template.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return template.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    template.setSSLParameters(Objects.requireNonNull(parameters, "parameters"));
  }

  @Override
  public String toString() {
    return "SSL" + beneath;
  }
}
