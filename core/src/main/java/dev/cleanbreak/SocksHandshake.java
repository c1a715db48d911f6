package dev.cleanbreak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Authenticator;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Asks a SOCKS proxy for a connection.
 *
 * <p>Version 5 (RFC 1928) with no authentication or with a user's name and password (RFC 1929);
 * version 4, for IPv4 addresses, where {@code socksProxyVersion} is 4.
 *
 * <pre>
 *   GREETING --no authentication--&gt; REQUEST --granted--&gt; open
 *      |                               ^
 *      +---- password ----&gt; LOGIN -----+
 *
 *   Every other answer is an exception; the caller closes the connection.
 * </pre>
 */
final class SocksHandshake {
  private static final int VERSION_4 = 4;
  private static final int VERSION_5 = 5;
  private static final int CONNECT = 1;

  private static final int NO_AUTHENTICATION = 0;
  private static final int PASSWORD = 2;
  private static final int NO_METHOD = 0xff;
  private static final int PASSWORD_VERSION = 1;

  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;

  private static final int PORT_BYTES = 2;
  private static final int MAX_FIELD = 255;

  private final Dial dial;
  private final InetSocketAddress proxy;
  private final InetSocketAddress destination;

  SocksHandshake(Dial dial, InetSocketAddress proxy, InetSocketAddress destination) {
    this.dial = dial;
    this.proxy = proxy;
    this.destination = destination;
  }

  void run() throws IOException {
    if ("4".equals(NetProperties.get("socksProxyVersion"))) {
      version4();
    } else {
      version5();
    }
  }

  // ---- version 4

  private void version4() throws IOException {
    if (destination.isUnresolved()) {
      throw new UnknownHostException(destination.getHostName());
    }
    if (!(destination.getAddress() instanceof Inet4Address address)) {
      throw new SocketException("SOCKS V4 requires IPv4 only addresses: " + destination);
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(VERSION_4);
    request.write(CONNECT);
    writePort(request);
    request.writeBytes(address.getAddress());
    request.writeBytes(System.getProperty("user.name", "").getBytes(StandardCharsets.ISO_8859_1));
    request.write(0);
    dial.send(request.toByteArray());

    byte[] reply = dial.receive(8, "the SOCKS 4 reply");
    if (reply[0] != 0 && reply[0] != VERSION_4) {
      throw failure("Reply from SOCKS server has bad version", reply);
    }
    switch (reply[1]) {
      case 90 -> {
        // Granted. The address in the reply says nothing about the destination.
      }
      case 91 -> throw failure("SOCKS request rejected", reply);
      case 92 -> throw failure("SOCKS server couldn't reach destination", reply);
      case 93 -> throw failure("SOCKS authentication failed", reply);
      default -> throw failure("Reply from SOCKS server contains bad status", reply);
    }
  }

  // ---- version 5

  private void version5() throws IOException {
    dial.send(new byte[] {VERSION_5, 2, NO_AUTHENTICATION, PASSWORD});
    byte[] reply = dial.receive(2, "the SOCKS 5 greeting");
    if (reply[0] != VERSION_5) {
      throw failure(
          "Reply from SOCKS server has bad version, not 5;"
              + " for a SOCKS 4 proxy set socksProxyVersion=4",
          reply);
    }
    switch (reply[1] & 0xff) {
      case NO_AUTHENTICATION -> {}
      case PASSWORD -> logIn();
      case NO_METHOD -> throw failure("SOCKS : No acceptable methods", reply);
      default -> throw failure("SOCKS : authentication failed, method not offered", reply);
    }
    request();
  }

  private void logIn() throws IOException {
    Credentials credentials = credentials();
    ByteArrayOutputStream login = new ByteArrayOutputStream();
    login.write(PASSWORD_VERSION);
    writeField(login, "user name", credentials.user);
    writeField(login, "password", credentials.password);
    dial.send(login.toByteArray());

    // The version is not looked at: there are servers that answer with that of the protocol.
    byte[] reply = dial.receive(2, "the SOCKS 5 login reply");
    if (reply[1] != 0) {
      throw failure("SOCKS : authentication failed", reply);
    }
  }

  private record Credentials(String user, String password) {}

  /** From the authenticator, else from the documented properties, else the user without one. */
  private Credentials credentials() throws IOException {
    PasswordAuthentication given =
        Authenticator.requestPasswordAuthentication(
            proxy.getHostString(),
            dial.peer(),
            proxy.getPort(),
            "SOCKS5",
            "SOCKS authentication",
            null);
    if (given != null) {
      return new Credentials(given.getUserName(), new String(given.getPassword()));
    }
    String user = NetProperties.get("java.net.socks.username");
    String password = NetProperties.get("java.net.socks.password");
    return user == null
        ? new Credentials(System.getProperty("user.name", ""), "")
        : new Credentials(user, password == null ? "" : password);
  }

  private void request() throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(VERSION_5);
    request.write(CONNECT);
    request.write(0);
    InetAddress address = destination.getAddress();
    if (address == null) {
      request.write(NAME);
      writeField(request, "host name", destination.getHostString());
    } else {
      request.write(address instanceof Inet4Address ? IPV4 : IPV6);
      request.writeBytes(address.getAddress());
    }
    writePort(request);
    dial.send(request.toByteArray());

    byte[] reply = dial.receive(4, "the SOCKS 5 reply");
    if (reply[0] != VERSION_5) {
      throw failure("Reply from SOCKS server has bad version", reply);
    }
    String refusal = refusal(reply[1]);
    if (refusal != null) {
      throw failure(refusal, reply);
    }
    int addressBytes =
        switch (reply[3]) {
          case IPV4 -> 4;
          case IPV6 -> 16;
          case NAME -> dial.receive(1, "the SOCKS 5 reply's name length")[0] & 0xff;
          default ->
              throw failure("Reply from SOCKS server contains wrong code, not an address", reply);
        };
    dial.receive(addressBytes + PORT_BYTES, "the SOCKS 5 reply's address");
  }

  /** What a status says in words; null for success. */
  private static @Nullable String refusal(int status) {
    return switch (status) {
      case 0 -> null;
      case 1 -> "SOCKS server general failure";
      case 2 -> "SOCKS: Connection not allowed by ruleset";
      case 3 -> "SOCKS: Network unreachable";
      case 4 -> "SOCKS: Host unreachable";
      case 5 -> "SOCKS: Connection refused";
      case 6 -> "SOCKS: TTL expired";
      case 7 -> "SOCKS: Command not supported";
      case 8 -> "SOCKS: address type not supported";
      default -> "Reply from SOCKS server contains bad status";
    };
  }

  // ---- common

  private void writePort(ByteArrayOutputStream target) {
    target.write(destination.getPort() >> 8);
    target.write(destination.getPort());
  }

  private static void writeField(ByteArrayOutputStream target, String what, String text)
      throws SocketException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length > MAX_FIELD) {
      throw new SocketException(
          "SOCKS: "
              + what
              + " too long: "
              + bytes.length
              + " bytes; the protocol takes "
              + MAX_FIELD);
    }
    target.write(bytes.length);
    target.writeBytes(bytes);
  }

  private SocketException failure(String what, byte[] reply) {
    return new SocketException(
        what
            + " (proxy "
            + proxy
            + " answered "
            + HexFormat.ofDelimiter(" ").formatHex(reply)
            + ", destination "
            + destination
            + ")");
  }
}
