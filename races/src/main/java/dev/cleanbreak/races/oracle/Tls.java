package dev.cleanbreak.races.oracle;

import dev.cleanbreak.CleanSocket;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A version of TLS, by the JDK's {@code SSLSocket} layered over the socket under test. */
enum Tls {
  JDK_1_2("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 29),
  JDK_1_3("TLSv1.3", "TLS_AES_128_GCM_SHA256", 22);

  /** The most plain bytes of one record. */
  static final int RECORD = 16 * 1024;

  private static final AtomicInteger NEXT_HOST = new AtomicInteger();

  private final String protocol;
  private final String cipherSuite;
  private final int overhead;

  Tls(String protocol, String cipherSuite, int overhead) {
    this.protocol = protocol;
    this.cipherSuite = cipherSuite;
    this.overhead = overhead;
  }

  /** How many bytes more than its plain text a record has on the wire. */
  int overhead() {
    return overhead;
  }

  /** The bytes on the wire of one write of {@code length} bytes. */
  int onWire(int length) {
    return length + overhead * Math.ceilDiv(length, RECORD);
  }

  SSLSocket client(SSLContext context, CleanSocket socket) throws IOException {
    // Sessions are remembered by the host's name: with a new one every handshake is a full one.
    String host = "oracle-" + NEXT_HOST.incrementAndGet();
    return prepared((SSLSocket) context.getSocketFactory().createSocket(socket, host, 1, true));
  }

  SSLSocket server(SSLContext context, Socket socket) throws IOException {
    SSLSocket layered =
        (SSLSocket) context.getSocketFactory().createSocket(socket, "oracle", 1, true);
    layered.setUseClientMode(false);
    return prepared(layered);
  }

  private SSLSocket prepared(SSLSocket socket) {
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setEnabledCipherSuites(new String[] {cipherSuite});
    return socket;
  }
}
