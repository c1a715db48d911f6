package dev.cleanbreak.bench;

import dev.cleanbreak.SocketSettings;
import dev.cleanbreak.drivers.CleanHttpClient;
import java.io.IOException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** {@code GET} of a small page, over a connection of the client's pool. */
final class HttpClientTrip implements RoundTrip {
  private final CloseableHttpClient client;
  private final String url;

  HttpClientTrip(int port, boolean clean) {
    PoolingHttpClientConnectionManagerBuilder connections =
        clean
            ? CleanHttpClient.connections(SocketSettings.standard())
            : PoolingHttpClientConnectionManagerBuilder.create();
    client = HttpClients.custom().setConnectionManager(connections.build()).build();
    url = "http://127.0.0.1:" + port + "/";
  }

  @Override
  public void run() throws IOException {
    String page =
        client.execute(new HttpGet(url), response -> EntityUtils.toString(response.getEntity()));
    if (!page.equals("hello")) {
      throw new IllegalStateException("another page");
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
