package dev.cleanbreak.drivers;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A real Jetty, plain, under TLS, and with HTTP/2 under TLS, that counts the requests that came
 * whole.
 */
public final class HttpServerUnderTest {
  static final int LARGE = 8 * 1024 * 1024;

  private final Server server = new Server();
  private final ServerConnector plain = new ServerConnector(server);
  private final ServerConnector secure;
  private final ServerConnector http2;
  private final AtomicLong posts = new AtomicLong();

  public HttpServerUnderTest() {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(TlsCredentials.server());
    secure =
        new ServerConnector(
            server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory());
    HTTP2ServerConnectionFactory frames = new HTTP2ServerConnectionFactory(new HttpConfiguration());
    // OkHttp resets a cancelled stream once for each frame that still comes: 128 are too many.
    frames.setRateControlFactory(new RateControl.Factory() {});
    http2 =
        new ServerConnector(
            server,
            new SslConnectionFactory(tls, "alpn"),
            new ALPNServerConnectionFactory("h2"),
            frames);
    for (ServerConnector each : new ServerConnector[] {plain, secure, http2}) {
      each.setHost(InetAddress.getLoopbackAddress().getHostAddress());
      server.addConnector(each);
    }
    server.setHandler(new Counting());
  }

  public void start() throws Exception {
    server.start();
  }

  public void stop() throws Exception {
    server.stop();
  }

  public InetSocketAddress address(boolean tls) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), (tls ? secure : plain).getLocalPort());
  }

  /** Where HTTP/2 is spoken, under TLS, and nothing else. */
  InetSocketAddress http2Address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), http2.getLocalPort());
  }

  /** The POST requests whose body came to its end, since the server started. */
  long posts() {
    return posts.get();
  }

  long connections() {
    return plain.getConnectedEndPoints().size()
        + secure.getConnectedEndPoints().size()
        + http2.getConnectedEndPoints().size();
  }

  private final class Counting extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (request.getMethod().equals("POST")) {
        try (InputStream body = Content.Source.asInputStream(request)) {
          long read = body.transferTo(java.io.OutputStream.nullOutputStream());
          posts.incrementAndGet();
          reply(response, callback, Long.toString(read).getBytes(StandardCharsets.US_ASCII));
        }
      } else if (Request.getPathInContext(request).equals("/large")) {
        reply(response, callback, new byte[LARGE]);
      } else {
        reply(response, callback, "hello".getBytes(StandardCharsets.US_ASCII));
      }
      return true;
    }

    private static void reply(Response response, Callback callback, byte[] body) {
      response.write(true, ByteBuffer.wrap(body), callback);
    }
  }
}
