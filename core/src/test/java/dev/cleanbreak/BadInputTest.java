package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must not be given or done: the JDK's exception, and a message with the value and the fix.
 */
@Timeout(30)
class BadInputTest {
  private static final Duration NEGATIVE = Duration.ofSeconds(-1);
  private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static CleanSocket unconnected;
  private static CleanSocket closed;
  private static CleanServerSocket listener;
  private static CleanDatagramSocket datagrams;
  private static CleanSocket connected;
  private static CleanSocket peer;

  /** Something bad, what comes of it, and the words of the message. */
  private record Row(String text, Class<? extends Throwable> type, List<String> words, Deed deed) {
    @Override
    public String toString() {
      return text;
    }
  }

  private interface Deed {
    void run() throws Exception;
  }

  private interface Given {
    void to(Duration duration) throws Exception;
  }

  @BeforeAll
  static void open() throws IOException {
    unconnected = new CleanSocket();
    closed = new CleanSocket();
    closed.close();
    listener = new CleanServerSocket(0, 1, HERE);
    datagrams = new CleanDatagramSocket(0, HERE);
    connected = new CleanSocket(HERE, listener.getLocalPort());
    peer = listener.accept();
  }

  @AfterAll
  static void close() {
    Stream.<AutoCloseable>of(unconnected, closed, listener, datagrams, connected, peer)
        .forEach(each -> {
          try {
            each.close();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private static Row row(
      String text, Class<? extends Throwable> type, List<String> words, Deed deed) {
    return new Row(text, type, words, deed);
  }

  private static Row illegal(String text, List<String> words, Deed deed) {
    return new Row(text, IllegalArgumentException.class, words, deed);
  }

  private static void durations(Consumer<Row> rows, String what, Given given) {
    rows.accept(
        row(what + " null", NullPointerException.class, List.of(what), () -> given.to(null)));
    rows.accept(
        illegal(
            what + " negative",
            List.of(what + " < 0: PT-1S", "give zero or more"),
            () -> given.to(NEGATIVE)));
    rows.accept(
        illegal(
            what + " without end",
            List.of(what + " too long: " + ENDLESS, "at most", "100 years"),
            () -> given.to(ENDLESS)));
  }

  static Stream<Row> durations() {
    SocketSettings settings = SocketSettings.standard();
    List<Row> rows = new ArrayList<>();
    durations(rows::add, "read timeout", d -> unconnected.setReadTimeout(d));
    durations(rows::add, "write timeout", d -> unconnected.setWriteTimeout(d));
    durations(rows::add, "accept timeout", d -> listener.setAcceptTimeout(d));
    durations(rows::add, "receive timeout", d -> datagrams.setReceiveTimeout(d));
    durations(rows::add, "connect timeout", settings::withConnectTimeout);
    durations(rows::add, "accept timeout", settings::withAcceptTimeout);
    durations(rows::add, "read timeout", settings::withReadTimeout);
    durations(rows::add, "write timeout", settings::withWriteTimeout);
    durations(rows::add, "close limit", settings::withCloseLimit);
    durations(rows::add, "duration", CancelScope::within);
    durations(rows::add, "duration", CancelScope::shielded);
    durations(rows::add, "duration", Deadline::after);
    return rows.stream();
  }

  static Stream<Row> values() {
    SocketSettings settings = SocketSettings.standard();
    return Stream.of(
        illegal(
            "close limit zero",
            List.of("close limit is zero", "give a positive duration"),
            () -> settings.withCloseLimit(Duration.ZERO)),
        illegal(
            "carry limit negative",
            List.of("-1", "give zero or more bytes"),
            () -> settings.withCarryLimit(-1)),
        illegal(
            "SO_TIMEOUT negative",
            List.of("timeout can't be negative: -3", "give 0 for none"),
            () -> unconnected.setSoTimeout(-3)),
        illegal(
            "accept SO_TIMEOUT negative",
            List.of("-3", "give 0 for none"),
            () -> listener.setSoTimeout(-3)),
        illegal(
            "receive SO_TIMEOUT negative",
            List.of("-3", "give 0 for none"),
            () -> datagrams.setSoTimeout(-3)),
        illegal(
            "connect timeout negative",
            List.of("-3", "give 0 for none"),
            () -> unconnected.connect(listener.getLocalSocketAddress(), -3)),
        illegal(
            "SO_LINGER negative",
            List.of("-3", "give 0 or more seconds"),
            () -> unconnected.setSoLinger(true, -3)),
        illegal(
            "SO_SNDBUF zero",
            List.of("send size: 0", "give 1 or more bytes"),
            () -> unconnected.setSendBufferSize(0)),
        illegal(
            "SO_RCVBUF negative",
            List.of("receive size: -1", "give 1 or more bytes"),
            () -> listener.setReceiveBufferSize(-1)),
        illegal("IP_TOS", List.of("0 -- 255", "256"), () -> datagrams.setTrafficClass(256)),
        illegal("port -1", List.of("-1"), () -> new CleanSocket(HERE, -1)),
        illegal("port 65536", List.of("65536"), () -> new CleanSocket("localhost", 65_536)),
        illegal("local port 65536", List.of("65536"), () -> new CleanSocket(HERE, 1, HERE, 65_536)),
        illegal("listener's port -1", List.of("-1"), () -> new CleanServerSocket(-1)),
        illegal("datagram port 65536", List.of("65536"), () -> new CleanDatagramSocket(65_536)),
        illegal(
            "datagram peer's port",
            List.of("65536", "0 to 65535"),
            () -> datagrams.connect(HERE, 65_536)),
        illegal("connect to null", List.of("address"), () -> unconnected.connect(null)),
        row(
            "no settings",
            NullPointerException.class,
            List.of("settings"),
            () -> new CleanSocket((SocketSettings) null).close()),
        illegal("to null in -1 ms", List.of("address"), () -> unconnected.connect(null, -1)),
        illegal(
            "a read-only buffer",
            List.of("Read-only"),
            () -> connected.stream().read(ByteBuffer.allocate(1).asReadOnlyBuffer())),
        illegal("datagram peer null", List.of("ddress"), () -> datagrams.connect(null)),
        row(
            "no host",
            NullPointerException.class,
            List.of("address"),
            () -> new CleanSocket((InetAddress) null, 1)),
        row(
            "no policy",
            NullPointerException.class,
            List.of("policy"),
            () -> settings.withInterruptPolicy(null)),
        row(
            "no mapping",
            NullPointerException.class,
            List.of("mapping"),
            () -> settings.withCutMapping(null)),
        row(
            "no transport",
            NullPointerException.class,
            List.of("transport"),
            () -> settings.withTransport((Transport) null)),
        row(
            "no transport's name",
            NullPointerException.class,
            List.of("transport"),
            () -> settings.withTransport((String) null)),
        row(
            "a transport that is not there",
            IllegalArgumentException.class,
            List.of("no transport is called \"carrier pigeon\"; there are ", "nio"),
            () -> settings.withTransport("carrier pigeon")),
        row(
            "no settings",
            NullPointerException.class,
            List.of("settings"),
            () -> new CleanSocket((SocketSettings) null)),
        row(
            "no settings of a listener",
            NullPointerException.class,
            List.of("settings"),
            () -> new CleanServerSocket((SocketSettings) null)),
        row(
            "no option",
            NullPointerException.class,
            List.of("name"),
            () -> unconnected.getOption(null)),
        row(
            "no name of a scope",
            NullPointerException.class,
            List.of("name"),
            () -> CancelScope.open(null)),
        row(
            "no deadline of a scope",
            NullPointerException.class,
            List.of("deadline"),
            () -> CancelScope.until(null)),
        row(
            "no reason for a cut",
            NullPointerException.class,
            List.of("reason"),
            () -> CancelScope.open("x").cancel(null)),
        row(
            "no task",
            NullPointerException.class,
            List.of("task"),
            () -> CancelScope.open("x").wrap((Runnable) null)));
  }

  static Stream<Row> states() {
    InetSocketAddress free = new InetSocketAddress(HERE, 0);
    return Stream.of(
        row(
            "read timeout, closed",
            SocketException.class,
            List.of("Socket is closed"),
            () -> closed.setReadTimeout(Duration.ofSeconds(1))),
        row(
            "write timeout, closed",
            SocketException.class,
            List.of("Socket is closed"),
            () -> closed.setWriteTimeout(Duration.ofSeconds(1))),
        row(
            "stream, closed",
            SocketException.class,
            List.of("Socket is closed"),
            () -> closed.stream()),
        row(
            "stream, unconnected",
            SocketException.class,
            List.of("not connected"),
            () -> unconnected.stream()),
        row(
            "connect twice",
            SocketException.class,
            List.of("Already connected to", "127.0.0.1"),
            () -> connected.connect(listener.getLocalSocketAddress())),
        row(
            "bind twice",
            SocketException.class,
            List.of("Already bound to", "127.0.0.1"),
            () -> connected.bind(free)),
        row(
            "listen twice",
            SocketException.class,
            List.of("Already bound to", "127.0.0.1"),
            () -> listener.bind(free)),
        row(
            "bind datagrams twice",
            SocketException.class,
            List.of("lready bound to", "127.0.0.1"),
            () -> datagrams.bind(free)),
        row(
            "accept, unbound",
            SocketException.class,
            List.of("not bound"),
            () -> new CleanServerSocket().accept()),
        illegal(
            "a buffer that cannot be filled",
            List.of("ead-only"),
            () -> {
              peer.getOutputStream().write(1);
              connected.stream().read(ByteBuffer.allocate(1).asReadOnlyBuffer());
            }),
        row(
            "run after the end",
            IllegalStateException.class,
            List.of("\"x\" has ended", "open a new"),
            () -> ended().run(() -> {})),
        row(
            "wrap after the end",
            IllegalStateException.class,
            List.of("\"x\" has ended", "open a new"),
            () -> ended().wrap(() -> {})),
        row(
            "run twice at once",
            IllegalStateException.class,
            List.of("\"x\"", "entered before"),
            () -> {
              CancelScope scope = CancelScope.open("x");
              scope.run(() -> scope.run(() -> {}));
            }),
        row(
            "run twice",
            IllegalStateException.class,
            List.of("\"x\"", "open a new"),
            () -> {
              CancelScope scope = CancelScope.open("x");
              scope.run(() -> {});
              scope.run(() -> {});
            }));
  }

  private static CancelScope ended() {
    CancelScope scope = CancelScope.open("x");
    scope.close();
    return scope;
  }

  @ParameterizedTest
  @MethodSource({"durations", "values", "states"})
  void isRefused(Row row) throws IOException {
    OpenedDescriptors descriptors = OpenedDescriptors.baselineOrNull();
    Throwable thrown = assertThrows(row.type(), row.deed()::run);
    for (String word : row.words()) {
      assertTrue(
          String.valueOf(thrown.getMessage()).contains(word),
          () -> "<" + word + "> is missing in " + thrown);
    }
    if (descriptors != null) {
      assertEquals(0, descriptors.opened(), "descriptors left behind");
    }
  }

  @Test
  void aClosedSocketNamesItsCloser() {
    SocketException thrown = assertThrows(SocketException.class, () -> closed.getSoTimeout());
    assertTrue(thrown.getCause() instanceof CutOrigin, () -> "cause: " + thrown.getCause());
  }

  @Test
  void aFinishedScopeCannotBeCancelled() {
    assertFalse(ended().cancel("too late"));
    CancelScope scope = CancelScope.open("x");
    assertTrue(scope.cancel("first"));
    assertFalse(scope.cancel("second"));
    scope.close();
    scope.close();
    assertFalse(scope.cancel("third"));
  }

  @Test
  void aTaskThatOutlivesItsScopeIsCut() throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      CancelScope scope = CancelScope.open("x");
      FutureTask<Integer> late = new FutureTask<>(scope.wrap(() -> pair.in().read()));
      scope.close();
      late.run();
      CancelledIOException cut = Futures.failure(CancelledIOException.class, late);
      assertEquals(CutKind.SCOPE_ENDED, cut.cut().kind());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondReaderWaitsItsTurnAndCanBeCut(ThreadKind kind) throws Exception {
    try (Pair pair = Pair.open(SocketSettings.standard())) {
      FutureTask<Integer> first = new FutureTask<>(() -> pair.in().read());
      kind.start(first);
      pair.awaitReader();
      CancelScope scope = CancelScope.open("second");
      FutureTask<Integer> second = new FutureTask<>(scope.wrap(() -> pair.in().read()));
      Thread waiting = kind.start(second);
      Conditions.await("a second reader", () -> waiting.getState() == Thread.State.WAITING);
      scope.cancel("one is enough");
      assertEquals(
          CutKind.CANCELLED, Futures.failure(CancelledIOException.class, second).cut().kind());
      pair.peerOut().write(4);
      assertEquals(4, first.get());
    }
  }
}
