package dev.cleanbreak.bench;

import dev.cleanbreak.CleanSocketFactory;
import java.io.IOException;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** {@code GET} of a small page, over a connection of the client's pool. */
final class OkHttpTrip implements RoundTrip {
  private final OkHttpClient client;
  private final Request request;

  OkHttpTrip(int port, boolean clean) {
    client =
        new OkHttpClient.Builder()
            .socketFactory(clean ? new CleanSocketFactory() : SocketFactory.getDefault())
            .fastFallback(false)
            .build();
    request = new Request.Builder().url("http://127.0.0.1:" + port + "/").build();
  }

  @Override
  public void run() throws IOException {
    try (Response response = client.newCall(request).execute()) {
      if (!response.body().string().equals("hello")) {
        throw new IllegalStateException("another page");
      }
    }
  }

  @Override
  public void close() {
    client.connectionPool().evictAll();
    client.dispatcher().executorService().shutdown();
  }
}
