package dev.cleanbreak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A TLS socket over a {@link CleanSocket}: reads, writes and handshakes can be cut, and the session
 * goes on after every cut but a close. Made by {@link CleanSslSocketFactory}.
 *
 * <p>It can stand wherever an {@link javax.net.ssl.SSLSocket} can. What is its own:
 *
 * <ul>
 *   <li>A cut handshake is continued by the next {@link #startHandshake}, read or write. A cut in
 *       {@link #getSession} leaves the session as usable as before.
 *   <li>A write is cut between records. It throws before its first byte, or completes as far as its
 *       caller can see and carries the rest; a rest too large to be carried is thrown with the
 *       exact count of plaintext bytes in {@link CutException#bytesMoved}, and the stream goes on
 *       at exactly that byte.
 *   <li>The read timeout bounds each wait for bytes of the peer, in a handshake as in a read.
 *   <li>Delegated tasks of a handshake (key agreement, certificate checks, the application's trust
 *       and key managers) run in the calling thread and are not cut.
 *   <li>Key and trust managers that look at the connection are given its {@link SSLEngine}, not
 *       this socket.
 *   <li>{@link #close} never waits. The peer gets close_notify unless a write of another thread
 *       stands in the middle of a record, which the close ends there.
 * </ul>
 *
 * <p>Thread-safe as {@link CleanSocket}.
 */
public final class CleanSslSocket extends LayeredSslSocket {
  private final SSLContext context;
  private final List<HandshakeCompletedListener> listeners = new CopyOnWriteArrayList<>();
  private final InputStream input = new TlsInputStream(this);
  private final OutputStream output = new TlsOutputStream(this);

  private volatile @Nullable BiFunction<javax.net.ssl.SSLSocket, List<String>, String> selector;

  /** Takes the settings. Until the socket is connected it is one that knows of no peer. */
  private volatile SSLEngine engine;

  /** Null until the socket is connected. */
  private volatile @Nullable TlsSession session;

  /** An unconnected client. */
  CleanSslSocket(SSLContext context, CleanSocket beneath) {
    super(beneath);
    this.context = context;
    this.engine = context.createSSLEngine();
    engine.setUseClientMode(true);
  }

  /**
   * A session over a connected socket.
   *
   * @param host the peer's name, for resumption, SNI and endpoint identification; null if unknown
   * @param consumed bytes that were read from {@code beneath} and belong to the session
   */
  CleanSslSocket(
      SSLContext context,
      CleanSocket beneath,
      @Nullable String host,
      int port,
      boolean clientMode,
      byte[] consumed,
      boolean autoClose) {
    super(beneath);
    this.context = context;
    this.engine = newEngine(host, port);
    engine.setUseClientMode(clientMode);
    this.session = newSession(consumed, autoClose);
  }

  private SSLEngine newEngine(@Nullable String host, int port) {
    return host == null ? context.createSSLEngine() : context.createSSLEngine(host, port);
  }

  // ---- connecting

  /** As {@link CleanSocket#connect(SocketAddress)}. The handshake comes with the first use. */
  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    beneath.connect(endpoint);
    startSession(((InetSocketAddress) endpoint).getHostString());
  }

  /** As {@link CleanSocket#connect(SocketAddress, int)}. The handshake comes with the first use. */
  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    beneath.connect(endpoint, timeout);
    startSession(((InetSocketAddress) endpoint).getHostString());
  }

  /** As {@link CleanSocket#connectOrClose}; the peer is known as {@code host}. */
  void connectOrClose(InetSocketAddress remote, @Nullable InetSocketAddress local, String host)
      throws IOException {
    beneath.connectOrClose(remote, local);
    startSession(host);
  }

  /** An engine's peer cannot be set later: the settings move to a new one. */
  private void startSession(String host) {
    SSLEngine draft = engine;
    engine = newEngine(host, beneath.getPort());
    takeSettings(draft);
    setHandshakeApplicationProtocolSelector(selector);
    session = newSession(new byte[0], true);
  }

  /** Takes over how another engine was set up. */
  void takeSettings(SSLEngine from) {
    engine.setUseClientMode(from.getUseClientMode());
    engine.setSSLParameters(from.getSSLParameters());
    engine.setEnableSessionCreation(from.getEnableSessionCreation());
  }

  private TlsSession newSession(byte[] consumed, boolean autoClose) {
    return new TlsSession(beneath.connection(), engine, this::established, consumed, autoClose);
  }

  /** The session of a connected socket. */
  TlsSession session() throws SocketException {
    TlsSession connected = session;
    if (connected == null) {
      throw new SocketException(isClosed() ? "Socket is closed" : "Socket is not connected");
    }
    return connected;
  }

  // ---- the handshake

  /**
   * Handshakes; continues a handshake that was cut. On an established session asks for new keys
   * (TLS 1.3) or begins a new handshake (TLS 1.2), which reads and writes then complete.
   *
   * @throws CancelledIOException if a scope or an interrupt cut it; call again to go on
   * @throws CutTimeoutException if a deadline or the read timeout did; call again to go on
   * @throws javax.net.ssl.SSLException if the handshake failed, which closes the socket
   */
  @Override
  public void startHandshake() throws IOException {
    TlsHandshake handshake = session().handshake;
    if (handshake.isEstablished()) {
      handshake.renew();
    } else {
      handshake.ensure();
    }
  }

  /**
   * The session, after a handshake if there was none. If that fails or is cut: a session without
   * cipher suite, as the JDK has it; a cut handshake can still be continued.
   */
  @Override
  public SSLSession getSession() {
    TlsSession connected = session;
    if (connected != null && !isClosed()) {
      try {
        connected.handshake.ensure();
      } catch (IOException ignored) {
        // The method has no way to say so; the next read or write does.
      }
    }
    return engine.getSession();
  }

  @Override
  public @Nullable SSLSession getHandshakeSession() {
    return engine.getHandshakeSession();
  }

  @Override
  public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
    if (listener == null) {
      throw new IllegalArgumentException("listener is null");
    }
    listeners.add(listener);
  }

  @Override
  public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
    if (listener == null) {
      throw new IllegalArgumentException("listener is null");
    }
    if (!listeners.remove(listener)) {
      throw new IllegalArgumentException("listener is not registered: " + listener);
    }
  }

  /** Tells the listeners, in a thread of their own: one may well use this socket. */
  private void established() {
    if (listeners.isEmpty()) {
      return;
    }
    HandshakeCompletedEvent event = new HandshakeCompletedEvent(this, engine.getSession());
    Thread.ofPlatform()
        .daemon()
        .name("cleanbreak-handshake-completed")
        .inheritInheritableThreadLocals(false)
        .start(() -> listeners.forEach(each -> each.handshakeCompleted(event)));
  }

  // ---- the streams

  /** The stream of plaintext. A cut read has consumed nothing. Closing it closes the socket. */
  @Override
  public InputStream getInputStream() throws IOException {
    requireOpen();
    session();
    if (isInputShutdown()) {
      throw new SocketException("Socket input is already shutdown");
    }
    return input;
  }

  /** The stream of plaintext to the peer. Closing it closes the socket. */
  @Override
  public OutputStream getOutputStream() throws IOException {
    requireOpen();
    session();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is already shutdown");
    }
    return output;
  }

  /**
   * Ends the input on this side.
   *
   * @throws javax.net.ssl.SSLException if the peer has not ended its output with close_notify; the
   *     input is shut all the same
   */
  @Override
  public void shutdownInput() throws IOException {
    requireOpen();
    if (!isInputShutdown()) {
      session().input.shutdown();
    }
  }

  /**
   * Sends close_notify and the end of the stream behind everything that was accepted; waits for
   * what is carried. With TLS 1.3 the input stays open. A cut one is continued by calling again.
   */
  @Override
  public void shutdownOutput() throws IOException {
    requireOpen();
    if (!isOutputShutdown()) {
      session().output.shutdown();
    }
  }

  /**
   * Whether the peer has ended the session (close_notify) or the connection, or has reset it: for
   * pools, before a connection is handed out again. Waits for nothing and is not cut. It opens the
   * records that have arrived, so that those without plaintext, a ticket say, hide nothing;
   * plaintext is kept for the next read, and while there is some the answer is false. For the rest
   * it sees what {@link CleanSocket#isPeerClosed} sees; before the handshake, exactly that. A
   * session that is found broken is ended, as a read would do.
   *
   * @throws SocketException if this socket is closed or not connected
   */
  public boolean isPeerClosed() throws SocketException {
    requireOpen();
    return session().input.isPeerClosed();
  }

  @Override
  public boolean isInputShutdown() {
    TlsSession connected = session;
    return connected != null && connected.input.isShut();
  }

  @Override
  public boolean isOutputShutdown() {
    TlsSession connected = session;
    return connected != null
        && (connected.closesConnection() ? beneath.isOutputShutdown() : connected.output.isShut());
  }

  // ---- the end

  /**
   * Closes the session from any thread, and the socket beneath with it unless that was layered over
   * without {@code autoClose}; never waits. Calls inside end with {@link CutSocketException}. What
   * earlier writes have left behind is still delivered as {@link CleanSocket#close} does.
   */
  @Override
  public void close() {
    CutCause by = CutCause.here(CutKind.CLOSED, null, null);
    TlsSession connected = session;
    if (connected == null) {
      beneath.connection().close(by);
    } else {
      connected.close(by);
    }
  }

  /** Ends the connection with a reset and without close_notify: see {@link CleanSocket#abort}. */
  public void abort() {
    beneath.abort();
  }

  @Override
  public boolean isClosed() {
    TlsSession connected = session;
    return connected == null ? beneath.isClosed() : connected.isClosed();
  }

  private void requireOpen() throws SocketException {
    if (isClosed()) {
      throw beneath.connection().socketIsClosed();
    }
  }

  // ---- timeouts

  /** As {@link CleanSocket#setReadTimeout}: also for the read or handshake that waits now. */
  public void setReadTimeout(Duration timeout) throws SocketException {
    beneath.setReadTimeout(timeout);
  }

  /** As {@link CleanSocket#setWriteTimeout}: also for the write that waits now. */
  public void setWriteTimeout(Duration timeout) throws SocketException {
    beneath.setWriteTimeout(timeout);
  }

  // ---- the settings of the session

  @Override
  public String[] getSupportedCipherSuites() {
    return engine.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return engine.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    engine.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return engine.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return engine.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    engine.setEnabledProtocols(protocols);
  }

  @Override
  public void setUseClientMode(boolean mode) {
    engine.setUseClientMode(mode);
  }

  @Override
  public boolean getUseClientMode() {
    return engine.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    engine.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return engine.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    engine.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return engine.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    engine.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return engine.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return engine.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    engine.setSSLParameters(Objects.requireNonNull(parameters, "parameters"));
  }

  @Override
  public @Nullable String getApplicationProtocol() {
    return engine.getApplicationProtocol();
  }

  @Override
  public @Nullable String getHandshakeApplicationProtocol() {
    return engine.getHandshakeApplicationProtocol();
  }

  @Override
  public void setHandshakeApplicationProtocolSelector(
      @Nullable BiFunction<javax.net.ssl.SSLSocket, List<String>, String> chooser) {
    selector = chooser;
    engine.setHandshakeApplicationProtocolSelector(
        chooser == null ? null : (ignored, offered) -> chooser.apply(this, offered));
  }

  @Override
  public @Nullable BiFunction<javax.net.ssl.SSLSocket, List<String>, String>
      getHandshakeApplicationProtocolSelector() {
    return selector;
  }

  @Override
  public String toString() {
    return "SSLSocket[" + beneath + ", " + engine.getSession() + "]";
  }
}
