package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.CleanSocketFactory;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp. The table stands in docs/drivers/okhttp.md. */
class OkHttpCutTest extends HttpCuts {
  OkHttpCutTest() {
    super("okhttp.md", "okhttp");
  }

  @Override
  Rig open(Relay relay, boolean tls) {
    return new OkHttpRig(relay, tls);
  }

  private final class OkHttpRig extends HttpRig {
    private final OkHttpClient client =
        new OkHttpClient.Builder()
            .socketFactory(new CleanSocketFactory())
            .sslSocketFactory(TlsCredentials.clientSockets(), TlsCredentials.clientTrust())
            .fastFallback(false)
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build();

    OkHttpRig(Relay relay, boolean tls) {
      super(relay, tls);
    }

    @Override
    public void warmUp() throws Exception {
      assertEquals("hello", get("/"));
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
      try (Response response = client.newCall(request).execute()) {
        return response.body().string();
      }
    }

    @Override
    public void close() throws IOException {
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
      relay.close();
    }
  }
}
