package dev.cleanbreak.drivers;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** An HTTP client and its pool against a real Jetty. */
abstract class HttpCuts extends ClientCuts {
  final HttpServerUnderTest http = new HttpServerUnderTest();

  HttpCuts(String page, String name) {
    super(page, name);
  }

  @BeforeAll
  void start() throws Exception {
    http.start();
  }

  @AfterAll
  void stop() throws Exception {
    http.stop();
  }

  @Override
  InetSocketAddress server(boolean tls) {
    return http.address(tls);
  }

  /** What the clients have in common: the URLs, and what the server says. */
  abstract class HttpRig implements Rig {
    final Relay relay;
    final String url;
    private final long postsBefore = http.posts();

    HttpRig(Relay relay, boolean tls) {
      this.relay = relay;
      this.url = (tls ? "https" : "http") + "://localhost:" + relay.port();
    }

    @Override
    public Relay relay() {
      return relay;
    }

    @Override
    public void request(Place place) throws Exception {
      switch (place) {
        case CONNECT, HANDSHAKE, BEFORE_REPLY -> post(new byte[10]);
        case MID_REPLY -> get("/large");
        case MID_WRITE -> post(new byte[HttpServerUnderTest.LARGE]);
      }
    }

    abstract String post(byte[] body) throws Exception;

    abstract String get(String path) throws Exception;

    /** A POST counts once its body is there; the reply may be on its way then. */
    @Override
    public long done(Place place) {
      return place == Place.MID_REPLY ? 0 : http.posts() - postsBefore;
    }

    @Override
    public long connectionsSeenByServer() {
      return http.connections();
    }
  }
}
