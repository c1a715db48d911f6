package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.ScopeView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp with HTTP/2. The table stands in docs/drivers/okhttp.md. */
class OkHttp2CutTest extends HttpCuts {
  OkHttp2CutTest() {
    super("okhttp.md", "okhttp2");
  }

  @Override
  InetSocketAddress server(boolean tls) {
    return http.http2Address();
  }

  @Override
  List<Place> places(boolean tls) {
    return tls ? super.places(true) : List.of();
  }

  @Override
  Rig open(Relay relay, boolean tls) {
    return new Http2Rig(relay);
  }

  private final class Http2Rig extends HttpRig {
    private final OkHttpClient client =
        new OkHttpClient.Builder()
            .socketFactory(new CleanSocketFactory())
            .sslSocketFactory(TlsCredentials.clientSockets(), TlsCredentials.clientTrust())
            .fastFallback(false)
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build();

    Http2Rig(Relay relay) {
      super(relay, true);
    }

    @Override
    public void warmUp() throws Exception {
      nextRequest();
    }

    @Override
    public void nextRequest() throws Exception {
      assertEquals("hello", get("/"));
    }

    @Override
    String post(byte[] body) throws Exception {
      return answer(
          new Request.Builder().url(url + "/count").post(RequestBody.create(body)).build());
    }

    @Override
    String get(String path) throws Exception {
      return answer(new Request.Builder().url(url + path).build());
    }

    private String answer(Request request) throws IOException {
      // snippet: okhttp2
      Call call = client.newCall(request);
      CancelScope limit = CancelScope.shielded(Duration.ofSeconds(60)); // nothing outside cuts here
      try (ScopeView.Registration _ = CancelScope.current().onCancel(call::cancel)) {
        return limit.call(() -> {
          try (Response response = call.execute()) {
            return text(response);
          }
        });
      }
      // end
    }

    private static String text(Response response) throws IOException {
      assertEquals(Protocol.HTTP_2, response.protocol());
      return response.body().string();
    }

    /** The shield keeps interrupts off; later, OkHttp's own wait meets them. */
    @Override
    public boolean isReachedBy(How how, Place place) {
      return how != How.INTERRUPT || place != Place.HANDSHAKE;
    }

    /**
     * OkHttp reads in a thread of its own, and a write waits for the stream's window. What the
     * relay holds may be a frame of the connection's and not the reply yet: the server knows.
     */
    @Override
    public boolean isAtPlace(Place place, Thread client) {
      if (place == Place.BEFORE_REPLY && done(place) == 0) {
        return false;
      }
      return place == Place.HANDSHAKE
          ? Rig.isWaitingInCleanbreak(client)
          : Arrays.stream(client.getStackTrace())
              .anyMatch(frame -> frame.getClassName().startsWith("okhttp3.internal.http2.Http2"));
    }

    @Override
    public void close() throws IOException {
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
      relay.close();
    }
  }
}
