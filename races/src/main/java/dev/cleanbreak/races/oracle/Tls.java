package dev.cleanbreak.races.oracle;

import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A version of TLS, and whose {@code SSLSocket} is layered over the socket under test. */
enum Tls {
  JDK_1_2(true, false),
  JDK_1_3(true, true),
  CLEAN_1_2(false, false),
  CLEAN_1_3(false, true);

  /** The most plain bytes of one record. */
  static final int RECORD = 16 * 1024;

  /** Header, explicit nonce and tag. */
  static final int OVERHEAD_1_2 = 5 + 8 + 16;

  /** Header, inner content type and tag. */
  static final int OVERHEAD_1_3 = 5 + 1 + 16;

  private static final AtomicInteger NEXT_HOST = new AtomicInteger();

  private final boolean jdk;
  private final boolean v13;

  Tls(boolean jdk, boolean v13) {
    this.jdk = jdk;
    this.v13 = v13;
  }

  String id() {
    return (jdk ? "jdk" : "clean") + "-tls1." + (v13 ? 3 : 2);
  }

  /** Whether it is the JDK's, which cannot tell between two records that it was cut. */
  boolean isJdk() {
    return jdk;
  }

  /** The bytes on the wire of one write of {@code length} bytes. */
  int onWire(int length) {
    return length + (v13 ? OVERHEAD_1_3 : OVERHEAD_1_2) * Math.ceilDiv(length, RECORD);
  }

  SSLSocket client(SSLContext context, CleanSocket socket) throws IOException {
    SSLSocketFactory factory =
        jdk
            ? context.getSocketFactory()
            : new CleanSslSocketFactory(context, SocketSettings.standard());
    // Sessions are remembered by the host's name: with a new one every handshake is a full one.
    String host = "oracle-" + NEXT_HOST.incrementAndGet();
    return prepared((SSLSocket) factory.createSocket(socket, host, 1, true));
  }

  SSLSocket server(SSLContext context, Socket socket) throws IOException {
    SSLSocket layered =
        (SSLSocket) context.getSocketFactory().createSocket(socket, "oracle", 1, true);
    layered.setUseClientMode(false);
    return prepared(layered);
  }

  private SSLSocket prepared(SSLSocket socket) {
    socket.setEnabledProtocols(new String[] {v13 ? "TLSv1.3" : "TLSv1.2"});
    socket.setEnabledCipherSuites(
        new String[] {v13 ? "TLS_AES_128_GCM_SHA256" : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});
    return socket;
  }
}
