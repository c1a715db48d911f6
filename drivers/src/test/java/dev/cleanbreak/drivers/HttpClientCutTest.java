package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Apache HttpClient 5. The table stands in docs/drivers/httpclient5.md. */
class HttpClientCutTest extends HttpCuts {
  HttpClientCutTest() {
    super("httpclient5.md", "httpclient5");
  }

  @Override
  Rig open(Relay relay, boolean tls) {
    return new HttpClientRig(relay, tls);
  }

  private final class HttpClientRig extends HttpRig {
    private final CloseableHttpClient client =
        HttpClients.custom()
            .setConnectionManager(
                CleanHttpClient.connections(
                        SocketSettings.standard(), TlsCredentials.clientSockets())
                    .build())
            .build();

    HttpClientRig(Relay relay, boolean tls) {
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
      HttpPost post = new HttpPost(url + "/count");
      post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
      return client.execute(post, response -> EntityUtils.toString(response.getEntity()));
    }

    @Override
    String get(String path) throws Exception {
      return client.execute(
          new HttpGet(url + path), response -> EntityUtils.toString(response.getEntity()));
    }

    @Override
    public void close() throws IOException {
      client.close();
      relay.close();
    }
  }
}
