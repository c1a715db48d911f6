package dev.cleanbreak;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6).
 *
 * <pre>
 *   ASK --2xx--&gt; open
 *    ^ |
 *    | +--407, the authenticator knows a password not yet refused--+
 *    |                                                             |
 *    +--------------- over a new connection -----------------------+
 *
 *   Every other answer is an exception; the caller closes the connection.
 * </pre>
 *
 * <p>The scheme is Basic; as in the JDK, it must be allowed, by setting {@code
 * jdk.http.auth.tunneling.disabledSchemes} to a list without it.
 */
final class HttpConnectHandshake {
  private static final String DISABLED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";
  private static final Pattern COMMA = Pattern.compile(",");
  private static final String BASIC = "basic";
  private static final int UNAUTHORIZED = 407;
  private static final int MAX_ROUNDS = 20;

  private final Dial dial;
  private final InetSocketAddress proxy;
  private final InetSocketAddress destination;
  private final String authority;

  HttpConnectHandshake(Dial dial, InetSocketAddress proxy, InetSocketAddress destination) {
    this.dial = dial;
    this.proxy = proxy;
    this.destination = destination;
    this.authority = authority(destination);
  }

  /** A name that was not looked up is left to the proxy; of an address it gets the numbers. */
  private static String authority(InetSocketAddress destination) {
    InetAddress address = destination.getAddress();
    String host = address == null ? destination.getHostString() : address.getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + destination.getPort();
  }

  /** Opens the connection to the proxy, and the tunnel through it. */
  void open() throws IOException {
    if (!authority.matches("[!-~]+")) {
      throw new SocketException(
          "Host name not fit for a request: "
              + HttpReplyHead.quoted(authority)
              + "; give it in its ASCII form");
    }
    String authorization = "";
    for (int round = 1; ; round++) {
      dial.open(proxy);
      dial.send(request(authorization).getBytes(StandardCharsets.ISO_8859_1));
      HttpReplyHead reply = HttpReplyHead.read(dial);
      if (reply.status() < 300) {
        return;
      }
      if (reply.status() != UNAUTHORIZED) {
        throw refused(reply, "");
      }
      String next = authorization(reply);
      if (next.equals(authorization) || round == MAX_ROUNDS) {
        throw refused(reply, "; the proxy refused the password of the Authenticator");
      }
      authorization = next;
    }
  }

  private String request(String authorization) {
    String lines = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    return authorization.isEmpty()
        ? lines + "\r\n"
        : lines + "Proxy-Authorization: " + authorization + "\r\n\r\n";
  }

  private String authorization(HttpReplyHead reply) throws IOException {
    List<AuthChallenge> offered =
        reply.values("Proxy-Authenticate").stream()
            .flatMap(header -> AuthChallenge.parse(header).stream())
            .toList();
    AuthChallenge basic =
        offered.stream().filter(each -> each.scheme().equals(BASIC)).findFirst().orElse(null);
    if (basic == null) {
      List<String> schemes = offered.stream().map(AuthChallenge::scheme).toList();
      throw refused(reply, "; it wants one of " + schemes + ", of which none is supported");
    }
    if (isDisabled(BASIC)) {
      throw refused(
          reply, "; it wants Basic, which " + DISABLED_SCHEMES + " forbids (\"\" allows all)");
    }
    String realm = basic.parameter("realm");
    PasswordAuthentication given =
        Authenticator.requestPasswordAuthentication(
            proxy.getHostString(),
            dial.peer(),
            proxy.getPort(),
            "http",
            realm,
            BASIC,
            urlOrNull(),
            Authenticator.RequestorType.PROXY);
    if (given == null) {
      throw refused(reply, "; no Authenticator knows a password for \"" + realm + "\"");
    }
    Charset charset =
        basic.parameter("charset").equalsIgnoreCase("UTF-8")
            ? StandardCharsets.UTF_8
            : StandardCharsets.ISO_8859_1;
    String login = given.getUserName() + ":" + new String(given.getPassword());
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(charset));
  }

  private static boolean isDisabled(String scheme) {
    String disabled = NetProperties.get(DISABLED_SCHEMES);
    return disabled != null
        && COMMA.splitAsStream(disabled).anyMatch(each -> each.strip().equalsIgnoreCase(scheme));
  }

  /** What authenticators are told about the destination. */
  private @Nullable URL urlOrNull() {
    try {
      return new URI("http", authority, null, null, null).toURL();
    } catch (URISyntaxException | MalformedURLException | IllegalArgumentException e) {
      return null;
    }
  }

  private SocketException refused(HttpReplyHead reply, String why) {
    return new SocketException(
        "Unable to tunnel through proxy. Proxy returns \""
            + HttpReplyHead.quoted(reply.statusLine())
            + "\" (proxy "
            + proxy
            + ", destination "
            + destination
            + why
            + ")");
  }
}
