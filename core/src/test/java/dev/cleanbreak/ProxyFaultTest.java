package dev.cleanbreak;

import static dev.cleanbreak.ScriptedProxy.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Proxies that break off at every byte of their replies, and proxies that talk nonsense. */
@Isolated("sets system properties")
@Timeout(60)
class ProxyFaultTest {
  private static final InetSocketAddress DESTINATION =
      InetSocketAddress.createUnresolved("destination.test", 80);
  private static final InetSocketAddress NUMERIC = new InetSocketAddress("192.0.2.1", 80);
  private static final Duration SOON = Duration.ofMillis(10);

  /** What a proxy says that grants the request. */
  enum Dialect {
    SOCKS4(Proxy.Type.SOCKS, bytes(0, 90, 0, 0, 0, 0, 0, 0)),
    SOCKS5(Proxy.Type.SOCKS, bytes(5, 0), bytes(5, 0, 0, 1, 127, 0, 0, 1, 0, 80)),
    SOCKS5_LOGIN(Proxy.Type.SOCKS, bytes(5, 2), bytes(1, 0), bytes(5, 0, 0, 3, 2, 'h', 'i', 0, 80)),
    SOCKS5_IPV6(
        Proxy.Type.SOCKS,
        bytes(5, 0),
        bytes(5, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80)),
    HTTP(Proxy.Type.HTTP, http("HTTP/1.1 200 OK\r\nVia: here\r\n\r\n"));

    final Proxy.Type type;
    final byte[][] lines;

    Dialect(Proxy.Type type, byte[]... lines) {
      this.type = type;
      this.lines = lines;
    }

    InetSocketAddress destination() {
      return this == SOCKS4 ? NUMERIC : DESTINATION;
    }

    int length() {
      return Arrays.stream(lines).mapToInt(line -> line.length).sum();
    }

    void in(NetGlobals globals) {
      globals.set("socksProxyVersion", this == SOCKS4 ? "4" : "5");
    }
  }

  private final NetGlobals globals = new NetGlobals();

  @AfterEach
  void restoreGlobals() {
    globals.close();
  }

  enum Blow {
    CANCEL(CutKind.CANCELLED, CancelledIOException.class),
    DEADLINE(CutKind.DEADLINE, CutTimeoutException.class),
    TIMEOUT(CutKind.TIMEOUT, CutTimeoutException.class),
    INTERRUPT(CutKind.INTERRUPTED, CancelledIOException.class),
    CLOSE(CutKind.CLOSED, CutSocketException.class);

    final CutKind kind;
    final Class<? extends IOException> type;

    Blow(CutKind kind, Class<? extends IOException> type) {
      this.kind = kind;
      this.type = type;
    }
  }

  private static byte[] http(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static Stream<Arguments> everyBlow() {
    List<Arguments> all = new ArrayList<>();
    for (Dialect dialect : Dialect.values()) {
      for (Blow blow : Blow.values()) {
        for (ThreadKind thread : ThreadKind.values()) {
          all.add(Arguments.of(dialect, blow, thread));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("everyBlow")
  void aSilentProxyIsLeftAtEveryByte(Dialect dialect, Blow blow, ThreadKind thread)
      throws Exception {
    dialect.in(globals);
    cut(dialect, 0, blow, thread);
    long before = Descriptors.canBeCounted() ? Descriptors.count() : 0;
    for (int said = 0; said < dialect.length(); said++) {
      cut(dialect, said, blow, thread);
    }
    if (Descriptors.canBeCounted()) {
      Conditions.await("the descriptors", () -> Descriptors.count() <= before);
    }
  }

  private static void cut(Dialect dialect, int said, Blow blow, ThreadKind thread)
      throws Exception {
    try (ScriptedProxy proxy = new ScriptedProxy(said, ScriptedProxy.End.SILENCE, dialect.lines);
        CancelScope scope =
            blow == Blow.DEADLINE ? CancelScope.within(SOON) : CancelScope.open("dial")) {
      CleanSocket socket = new CleanSocket(proxy.as(dialect.type));
      int timeout = blow == Blow.TIMEOUT ? (int) SOON.toMillis() : 0;
      FutureTask<Void> connect =
          new FutureTask<>(() -> {
            scope.run(() -> socket.connect(dialect.destination(), timeout));
            return null;
          });
      Thread dialling = thread.start(connect);
      switch (blow) {
        case CANCEL -> {
          proxy.awaitBreakOff();
          scope.cancel("enough");
        }
        case INTERRUPT -> {
          proxy.awaitBreakOff();
          dialling.interrupt();
        }
        case CLOSE -> {
          proxy.awaitBreakOff();
          socket.close();
        }
        case DEADLINE, TIMEOUT -> {}
      }
      IOException thrown = Futures.failure(blow.type, connect);
      Cut cut = assertInstanceOf(CutException.class, thrown).cut();
      assertEquals(blow.kind, cut.kind(), () -> "after " + said + " bytes");
      assertEquals(Operation.CONNECT, cut.call());
      assertTrue(socket.isClosed());
      proxy.awaitClientGone();
    }
  }

  /** Every byte comes long before the timeout; all of them never do. */
  @ParameterizedTest
  @EnumSource
  void aProxyThatDripsIsLeftInTime(ThreadKind thread) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().name("dripping-proxy").start(() -> drip(listener));
      CleanSocket socket =
          new CleanSocket(new Proxy(Proxy.Type.HTTP, listener.getLocalSocketAddress()));
      FutureTask<Void> connect =
          new FutureTask<>(() -> {
            socket.connect(DESTINATION, 100);
            return null;
          });
      thread.start(connect);
      CutTimeoutException cut = Futures.failure(CutTimeoutException.class, connect);
      assertEquals(CutKind.TIMEOUT, cut.cut().kind());
      assertTrue(socket.isClosed());
    }
  }

  private static void drip(ServerSocket listener) {
    try (Socket client = listener.accept()) {
      client.setTcpNoDelay(true);
      client.getOutputStream().write(http("HTTP/1.1 200 O"));
      for (; ; ) {
        LockSupport.parkNanos(1_000_000);
        client.getOutputStream().write('K');
      }
    } catch (IOException gone) {
      // The client has had enough.
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProxyThatHangsUpIsASocketException(Dialect dialect) throws Exception {
    dialect.in(globals);
    for (int said = 0; said < dialect.length(); said++) {
      try (ScriptedProxy proxy = new ScriptedProxy(said, ScriptedProxy.End.HANG_UP, dialect.lines);
          CleanSocket socket = new CleanSocket(proxy.as(dialect.type))) {
        SocketException thrown =
            assertThrows(SocketException.class, () -> socket.connect(dialect.destination()));
        // It may hang up before it has read a request, which is a reset.
        assertTrue(
            Stream.of(
                    "Malformed reply from proxy: the stream ended",
                    "Connection reset",
                    "Broken pipe")
                .anyMatch(thrown.getMessage()::startsWith),
            thrown::getMessage);
        assertTrue(socket.isClosed());
      }
    }
  }

  /** The destination's first bytes come in the same segment as the proxy's last. */
  @ParameterizedTest
  @EnumSource
  void noByteOfTheDestinationIsSwallowed(Dialect dialect) throws Exception {
    byte[] words = http("220 hello\r\n\r\n");
    byte[][] lines = dialect.lines.clone();
    int last = lines.length - 1;
    lines[last] = Arrays.copyOf(lines[last], lines[last].length + words.length);
    System.arraycopy(words, 0, lines[last], dialect.lines[last].length, words.length);
    dialect.in(globals);
    try (ScriptedProxy proxy =
            new ScriptedProxy(Integer.MAX_VALUE, ScriptedProxy.End.SILENCE, lines);
        CleanSocket socket = new CleanSocket(proxy.as(dialect.type))) {
      socket.connect(dialect.destination());
      assertArrayEquals(words, socket.getInputStream().readNBytes(words.length));
    }
  }

  /** What a proxy says that makes no sense, or no connection; and what must be in the message. */
  static Stream<Arguments> refusals() {
    List<Arguments> all = new ArrayList<>();
    String[] statuses = {
      "SOCKS server general failure",
      "SOCKS: Connection not allowed by ruleset",
      "SOCKS: Network unreachable",
      "SOCKS: Host unreachable",
      "SOCKS: Connection refused",
      "SOCKS: TTL expired",
      "SOCKS: Command not supported",
      "SOCKS: address type not supported"
    };
    for (int i = 0; i < statuses.length; i++) {
      byte[] reply = bytes(5, i + 1, 0, 1, 0, 0, 0, 0, 0, 0);
      all.add(refusal(Dialect.SOCKS5, statuses[i], "05 0" + (i + 1), bytes(5, 0), reply));
    }
    all.add(refusal(Dialect.SOCKS5, "No acceptable methods", "05 ff", bytes(5, 255)));
    all.add(refusal(Dialect.SOCKS5, "not offered", "05 01", bytes(5, 1)));
    all.add(refusal(Dialect.SOCKS5, "authentication failed", "01 01", bytes(5, 2), bytes(1, 1)));
    all.add(
        refusal(Dialect.SOCKS5, "wrong code", "05 00 00 07", bytes(5, 0), bytes(5, 0, 0, 7, 0, 0)));
    all.add(refusal(Dialect.SOCKS4, "bad version", "48 54", http("HTTP/1.1 400")));
    all.add(refusal(Dialect.SOCKS4, "request rejected", "00 5b", bytes(0, 91, 0, 0, 0, 0, 0, 0)));
    all.add(refusal(Dialect.SOCKS4, "couldn't reach", "00 5c", bytes(0, 92, 0, 0, 0, 0, 0, 0)));
    all.add(
        refusal(Dialect.SOCKS4, "authentication failed", "00 5d", bytes(0, 93, 0, 0, 0, 0, 0, 0)));
    all.add(refusal(Dialect.SOCKS4, "bad status", "00 01", bytes(0, 1, 0, 0, 0, 0, 0, 0)));
    all.add(
        refusal(
            Dialect.HTTP, "Unable to tunnel", "403 Forbidden", http("HTTP/1.1 403 Forbidden\n\n")));
    all.add(
        refusal(
            Dialect.HTTP,
            "none is supported",
            "[digest]",
            http("HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm=\"Basic\"\r\n\r\n")));
    all.add(
        refusal(
            Dialect.HTTP,
            "jdk.http.auth.tunneling.disabledSchemes",
            "407 Who",
            http("HTTP/1.1 407 Who\r\nProxy-Authenticate:\r\n Basic realm=\"x\"\r\n\r\n")));
    return all.stream();
  }

  /** Nonsense on which the JDK's own sockets give in or wait for ever. */
  static Stream<Arguments> nonsense() {
    return Stream.of(
        refusal(Dialect.SOCKS5, "bad version, not 5", "53 53", http("SSH-2.0")),
        refusal(Dialect.SOCKS5, "bad status", "05 4e", bytes(5, 0), bytes(5, 78, 0, 1)),
        refusal(Dialect.SOCKS5, "bad version", "04 00", bytes(5, 0), bytes(4, 0, 0, 1)),
        refusal(Dialect.HTTP, "does not start with HTTP/", "SSH-2", http("SSH-2.0-x\r\n")),
        refusal(Dialect.HTTP, "has no status", "HTTP/1.1 OK", http("HTTP/1.1 OK\r\n\r\n")),
        refusal(
            Dialect.HTTP,
            "more than 65536 bytes",
            "\"HTTP/1.1 100 ",
            http("HTTP/1.1 100 Wait\r\n\r\n".repeat(4000))),
        refusal(
            Dialect.HTTP,
            "more than 65536 bytes",
            "\"HTTP/1.1 200 ",
            http("HTTP/1.1 200 O" + "K".repeat(66_000))));
  }

  private static Arguments refusal(Dialect asked, String words, String received, byte[]... lines) {
    return Arguments.of(asked, words, received, lines);
  }

  @ParameterizedTest
  @MethodSource({"refusals", "nonsense"})
  void aRefusalNamesWhatWasReceived(Dialect asked, String words, String received, byte[][] lines)
      throws Exception {
    asked.in(globals);
    try (ScriptedProxy proxy =
            new ScriptedProxy(Integer.MAX_VALUE, ScriptedProxy.End.SILENCE, lines);
        CleanSocket socket = new CleanSocket(proxy.as(asked.type))) {
      SocketException thrown =
          assertThrows(SocketException.class, () -> socket.connect(asked.destination()));
      assertTrue(thrown.getMessage().contains(words), thrown::getMessage);
      assertTrue(thrown.getMessage().contains(received), thrown::getMessage);
      assertTrue(socket.isClosed());
      proxy.awaitClientGone();
    }
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void theJdkThrowsASupertypeOfWhatWeThrow(
      Dialect asked, String words, String received, byte[][] lines) throws Exception {
    IOException jdk = refused(asked, lines, Socket::new);
    IOException ours = refused(asked, lines, CleanSocket::new);
    assertInstanceOf(jdk.getClass(), ours);
  }

  @FunctionalInterface
  interface SocketMaker {
    Socket through(Proxy proxy) throws IOException;
  }

  private IOException refused(Dialect asked, byte[][] lines, SocketMaker maker) throws Exception {
    asked.in(globals);
    try (ScriptedProxy proxy =
            new ScriptedProxy(Integer.MAX_VALUE, ScriptedProxy.End.HANG_UP, lines);
        Socket socket = maker.through(proxy.as(asked.type))) {
      IOException thrown =
          assertThrows(IOException.class, () -> socket.connect(asked.destination(), 5_000));
      assertTrue(socket.isClosed());
      return thrown;
    }
  }
}
