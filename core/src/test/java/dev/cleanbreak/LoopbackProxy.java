package dev.cleanbreak;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy for SOCKS 4, SOCKS 5 and HTTP CONNECT, which it tells apart by the first byte. Every host
 * name leads to the loopback address.
 *
 * <p>To try its clients it waits for the first bytes of the destination, where it is told that the
 * destination speaks first, and sends them together with its own last reply.
 */
final class LoopbackProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final String login;
  private final boolean destinationSpeaksFirst;

  /** What was asked of it, in order: the host as it came and the port. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** How many clients are connected now. */
  final AtomicInteger clients = new AtomicInteger();

  /** The user names and passwords it was given, in order, parted by a colon. */
  final List<String> logins = new CopyOnWriteArrayList<>();

  /**
   * @param login the user name and password it wants, parted by a colon; null for none
   */
  LoopbackProxy(String login, boolean destinationSpeaksFirst) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.login = login;
    this.destinationSpeaksFirst = destinationSpeaksFirst;
    Thread.ofVirtual().name("loopback-proxy").start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  Proxy as(Proxy.Type type) {
    return new Proxy(type, address());
  }

  private void accept() {
    try {
      for (; ; ) {
        Socket client = listener.accept();
        Thread.ofVirtual().name("loopback-proxy-client").start(() -> serve(client));
      }
    } catch (IOException closed) {
      // The end of the test.
    }
  }

  private void serve(Socket client) {
    clients.incrementAndGet();
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      int first = in.read();
      switch (first) {
        case 4 -> socks4(client, in);
        case 5 -> socks5(client, in, out);
        case 'C' -> http(client, in, out);
        default -> throw new IOException("first byte " + first);
      }
    } catch (IOException gone) {
      // What the client did is for the client to tell.
    } finally {
      clients.decrementAndGet();
    }
  }

  private void socks4(Socket client, DataInputStream in) throws IOException {
    require(in.read() == 1, "CONNECT");
    int port = in.readUnsignedShort();
    String host = InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
    logins.add(until(in, 0) + ":");
    tunnel(client, host, port, new byte[] {0, 90, 0, 0, 0, 0, 0, 0});
  }

  private void socks5(Socket client, DataInputStream in, OutputStream out) throws IOException {
    in.readNBytes(in.read());
    out.write(new byte[] {5, (byte) (login == null ? 0 : 2)});
    if (login != null) {
      require(in.read() == 1, "version of the login");
      String given = field(in) + ":" + field(in);
      logins.add(given);
      boolean right = given.equals(login);
      out.write(new byte[] {1, (byte) (right ? 0 : 1)});
      require(right, "login");
    }
    require(in.readUnsignedShort() == 0x0501 && in.read() == 0, "CONNECT");
    String host =
        switch (in.read()) {
          case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
          case 4 -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
          default -> field(in);
        };
    tunnel(client, host, in.readUnsignedShort(), new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 80});
  }

  private void http(Socket client, DataInputStream in, OutputStream out) throws IOException {
    String[] request = until(in, '\n').strip().split(" ");
    String given = null;
    for (String line; !(line = until(in, '\n').strip()).isEmpty(); ) {
      String start = "Proxy-Authorization: Basic ";
      if (line.startsWith(start)) {
        byte[] decoded = Base64.getDecoder().decode(line.substring(start.length()));
        given = new String(decoded, StandardCharsets.ISO_8859_1);
        logins.add(given);
      }
    }
    if (login != null && !login.equals(given)) {
      String body = "who are you?";
      out.write(
          ("HTTP/1.1 407 Proxy Authentication Required\r\n"
                  + "Proxy-Authenticate: Negotiate, Basic realm=\"the, \\\"Basic\\\" vault\"\r\n"
                  + ("Content-Length: " + body.length() + "\r\n\r\n" + body))
              .getBytes(StandardCharsets.ISO_8859_1));
      // Read to the client's end, so that this end is no reset.
      in.transferTo(OutputStream.nullOutputStream());
      return;
    }
    int colon = request[1].lastIndexOf(':');
    tunnel(
        client,
        request[1].substring(0, colon),
        Integer.parseInt(request[1].substring(colon + 1)),
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connection established\r\nVia: 1.1 here\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1));
  }

  private void tunnel(Socket client, String host, int port, byte[] reply) throws IOException {
    requests.add(host + ":" + port);
    try (Socket destination = new Socket(Proxy.NO_PROXY)) {
      destination.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      ByteArrayOutputStream start = new ByteArrayOutputStream();
      start.writeBytes(reply);
      if (destinationSpeaksFirst) {
        byte[] words = new byte[1024];
        start.write(words, 0, destination.getInputStream().read(words));
      }
      client.getOutputStream().write(start.toByteArray());
      Thread back =
          Thread.ofVirtual().name("loopback-proxy-back").start(() -> relay(destination, client));
      relay(client, destination);
      back.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void relay(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException gone) {
      // One end has gone; the other sees it by the end of its stream.
    }
  }

  private static void require(boolean condition, String what) throws IOException {
    if (!condition) {
      throw new IOException("not as expected: " + what);
    }
  }

  private static String field(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.read()), StandardCharsets.ISO_8859_1);
  }

  private static String until(InputStream in, int end) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int next; (next = in.read()) != end; ) {
      if (next < 0) {
        throw new IOException("end of stream");
      }
      text.write(next);
    }
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
