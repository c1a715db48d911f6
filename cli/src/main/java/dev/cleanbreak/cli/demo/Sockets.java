package dev.cleanbreak.cli.demo;

import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connects to the printer, with the sockets of either side. */
final class Sockets {
  /** Small, so that the window of a jammed printer is soon full. */
  private static final int SEND_BUFFER = 64 * 1024;

  /** Against a handshake that hangs, which is not what the demo is about. */
  private static final int HANDSHAKE_MILLIS = 10_000;

  private final PrinterPorts ports;
  private final SocketSettings standard;
  private final @Nullable SSLContext tls;

  Sockets(Assignment assignment) throws IOException {
    this.ports = assignment.ports();
    this.standard = SocketSettings.standard().withTransport(assignment.transport());
    Certificate certificate = assignment.certificate();
    this.tls = certificate == null ? null : certificate.client();
  }

  /**
   * A connected socket, with the TLS handshake done.
   *
   * @param writeTimeout for the side that has one; zero for none
   */
  Socket connect(Side side, Wire wire, Duration writeTimeout) throws IOException {
    SocketSettings settings = standard.withWriteTimeout(writeTimeout);
    int port = ports.of(wire);
    SocketAddress printer = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    if (wire == Wire.PLAIN) {
      return connect(side == Side.JDK ? new Socket() : new CleanSocket(settings), printer);
    }
    if (tls == null) {
      throw new IOException("no certificate was made, and TLS was asked for");
    }
    SSLSocketFactory factory =
        side == Side.JDK ? tls.getSocketFactory() : new CleanSslSocketFactory(tls, settings);
    return handshake((SSLSocket) connect(factory.createSocket(), printer));
  }

  private static Socket connect(Socket socket, SocketAddress printer) throws IOException {
    socket.setSendBufferSize(SEND_BUFFER);
    socket.connect(printer);
    return socket;
  }

  private static SSLSocket handshake(SSLSocket socket) throws IOException {
    socket.setSoTimeout(HANDSHAKE_MILLIS);
    socket.startHandshake();
    socket.setSoTimeout(0);
    return socket;
  }
}
