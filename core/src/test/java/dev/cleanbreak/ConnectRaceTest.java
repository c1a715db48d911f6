package dev.cleanbreak;

import static dev.cleanbreak.NamedHost.Answer.LIVE;
import static dev.cleanbreak.NamedHost.Answer.REFUSING;
import static dev.cleanbreak.NamedHost.Answer.SILENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Connects to names with several addresses, of which some do not answer. */
@Timeout(60)
@SuppressWarnings("try") // some are closed early, and it is watched what that leaves
class ConnectRaceTest {
  private static final long DELAY_MILLIS = TimeUnit.NANOSECONDS.toMillis(ConnectRace.DELAY_NANOS);

  /** The first waits of a process open descriptors that are kept. */
  @BeforeAll
  static void warmUp() throws Exception {
    for (ThreadKind kind : ThreadKind.values()) {
      try (NamedHost host = NamedHost.of(SILENT, SILENT);
          CleanSocket socket = new CleanSocket(host.settings())) {
        FutureTask<Void> connect = connecting(socket, host, 300);
        kind.start(connect);
        Futures.failure(CutTimeoutException.class, connect);
      }
    }
  }

  private static FutureTask<Void> connecting(CleanSocket socket, NamedHost host, int timeout) {
    return new FutureTask<>(() -> {
      socket.connect(host.unresolved(), timeout);
      return null;
    });
  }

  private static void assertTalks(Socket socket, NamedHost host) throws IOException {
    try (Socket peer = host.accept()) {
      socket.getOutputStream().write(7);
      assertEquals(7, peer.getInputStream().read());
      peer.getOutputStream().write(8);
      assertEquals(8, socket.getInputStream().read());
    }
  }

  private static void awaitOpened(OpenedDescriptors descriptors, int count) {
    Conditions.await(
        count + " descriptors",
        () -> {
          try {
            return descriptors.opened() == count;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  // ---- the order

  private static InetAddress v4(int last) throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
  }

  private static InetAddress v6(int last) throws IOException {
    byte[] bytes = new byte[16];
    bytes[15] = (byte) last;
    return Inet6Address.getByAddress(bytes);
  }

  @Test
  void familiesTakeTurnsBeginningWithTheResolversFirst() throws Exception {
    assertEquals(
        List.of(v6(1), v4(1), v6(2), v4(2), v4(3)),
        ConnectRace.interleaved(List.of(v6(1), v6(2), v4(1), v4(2), v4(3))));
    assertEquals(
        List.of(v4(1), v6(1), v4(2), v6(2), v6(3)),
        ConnectRace.interleaved(List.of(v4(1), v4(2), v6(1), v6(2), v6(3))));
    assertEquals(List.of(v4(2), v4(1)), ConnectRace.interleaved(List.of(v4(2), v4(1))));
  }

  // ---- who wins

  @ParameterizedTest
  @EnumSource
  void aSilentAddressCostsOneDelay(ThreadKind kind) throws Exception {
    try (NamedHost host = NamedHost.of(SILENT, LIVE);
        CleanSocket socket = new CleanSocket(host.settings())) {
      OpenedDescriptors descriptors = OpenedDescriptors.baseline();
      long start = System.nanoTime();
      FutureTask<Void> connect = connecting(socket, host, 0);
      kind.start(connect);
      connect.get();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      assertTrue(millis >= DELAY_MILLIS, () -> "the second attempt came early: " + millis);
      InetSocketAddress reached = new InetSocketAddress(host.addresses.get(1), host.port);
      assertEquals(reached, socket.getRemoteSocketAddress());
      assertEquals(NamedHost.NAME, socket.getInetAddress().getHostName());
      assertTrue(socket.isConnected() && socket.isBound());
      awaitOpened(descriptors, 1);
      assertTalks(socket, host);
      socket.close();
      awaitOpened(descriptors, 0);
    }
  }

  /** With a delay for each, eight would take two seconds and more. */
  @ParameterizedTest
  @EnumSource
  void aRefusalStartsTheNextAttemptAtOnce(ThreadKind kind) throws Exception {
    NamedHost.Answer[] answers = new NamedHost.Answer[9];
    Arrays.fill(answers, REFUSING);
    answers[8] = LIVE;
    try (NamedHost host = NamedHost.of(answers);
        CleanSocket socket = new CleanSocket(host.settings())) {
      FutureTask<Void> connect = connecting(socket, host, (int) (8 * DELAY_MILLIS));
      kind.start(connect);
      connect.get();
      assertEquals(host.addresses.get(8), socket.getInetAddress());
      assertTalks(socket, host);
    }
  }

  @Test
  void theFirstThatAnswersIsAskedAlone() throws Exception {
    try (NamedHost host = NamedHost.of(LIVE, LIVE);
        CleanSocket socket = new CleanSocket(host.settings())) {
      socket.connect(host.unresolved());
      assertEquals(host.addresses.getFirst(), socket.getInetAddress());
      assertTalks(socket, host);
    }
  }

  @ParameterizedTest
  @EnumSource
  void thoseWhoTakeNamesRace(ThreadKind kind) throws Exception {
    try (NamedHost host = NamedHost.of(SILENT, LIVE)) {
      SocketSettings settings = host.settings();
      FutureTask<List<Socket>> made =
          new FutureTask<>(() ->
              List.of(
                  new CleanSocketFactory(settings).createSocket(NamedHost.NAME, host.port),
                  new CleanSslSocketFactory(TlsCredentials.client(), settings)
                      .createSocket(NamedHost.NAME, host.port)));
      kind.start(made);
      for (Socket each : made.get()) {
        assertEquals(host.addresses.get(1), each.getInetAddress());
        each.close();
      }
    }
    try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CleanSocket socket = new CleanSocket("localhost", here.getLocalPort())) {
      assertTrue(socket.getInetAddress().isLoopbackAddress());
      assertEquals("localhost", socket.getInetAddress().getHostName());
    }
  }

  // ---- what attempts have in common

  @Test
  void everyAttemptHasTheOptions() throws Exception {
    try (NamedHost host = NamedHost.of(SILENT, LIVE);
        CleanSocket socket = new CleanSocket(host.settings())) {
      socket.setTcpNoDelay(true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      socket.setOOBInline(true);
      FutureTask<Void> connect = connecting(socket, host, 0);
      ThreadKind.PLATFORM.start(connect);
      connect.get();
      assertTrue(socket.getTcpNoDelay() && socket.getKeepAlive() && socket.getOOBInline());
    }
  }

  /** It is asked of the port that the winner replaces. */
  @Test
  void anOptionSetDuringTheRaceIsTheWinners() throws Exception {
    try (NamedHost host = NamedHost.of(SILENT, SILENT);
        CleanSocket socket = new CleanSocket(host.settings())) {
      FutureTask<Void> connect = connecting(socket, host, 0);
      ThreadKind.PLATFORM.start(connect);
      awaitTried(socket, 2);
      socket.setTrafficClass(0x10);
      host.answer();
      connect.get();
      assertEquals(0x10, socket.getTrafficClass());
    }
  }

  private static void awaitTried(CleanSocket socket, int count) {
    Conditions.await(
        count + " attempts",
        () -> socket.connection().stateAfterCut().contains("127.77.0." + count));
  }

  @Test
  void aBoundSocketTriesOneAddressOnce() throws Exception {
    try (NamedHost host = NamedHost.of(REFUSING, LIVE);
        CleanSocket socket = new CleanSocket(host.settings())) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThrows(ConnectException.class, () -> socket.connect(host.unresolved()));
      assertTrue(socket.isClosed());
    }
    try (NamedHost host = NamedHost.of(LIVE)) {
      InetAddress[] both = {v6(1), host.addresses.getFirst()};
      NameLookup names = new NameLookup(name -> both, 1);
      CleanSocket socket = new CleanSocket(SocketSettings.standard().withNames(names));
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      socket.connect(host.unresolved());
      assertEquals(host.addresses.getFirst(), socket.getInetAddress(), "of its own family");
      socket.close();
    }
  }

  @Test
  void aResolvedAddressIsTriedOnce() throws Exception {
    try (NamedHost host = NamedHost.of(REFUSING, LIVE);
        CleanSocket socket = new CleanSocket(host.settings())) {
      InetSocketAddress first = new InetSocketAddress(host.addresses.getFirst(), host.port);
      ConnectException thrown = assertThrows(ConnectException.class, () -> socket.connect(first));
      assertEquals(0, thrown.getSuppressed().length);
    }
  }

  // ---- failures

  @ParameterizedTest
  @EnumSource
  void allDeadIsOneExceptionWithEveryReason(ThreadKind kind) throws Exception {
    try (NamedHost host = NamedHost.of(REFUSING, REFUSING, REFUSING);
        CleanSocket socket = new CleanSocket(host.settings())) {
      OpenedDescriptors descriptors = OpenedDescriptors.baseline();
      FutureTask<Void> connect = connecting(socket, host, 0);
      kind.start(connect);
      ConnectException thrown = Futures.failure(ConnectException.class, connect);
      assertEquals(
          "Connection refused; none of the 3 addresses of printer.test:"
              + host.port
              + " could be reached: 127.77.0.1: Connection refused;"
              + " 127.77.0.2: Connection refused; 127.77.0.3: Connection refused",
          Objects.requireNonNull(thrown.getMessage()).replace(": ECONNREFUSED (111)", ""));
      assertEquals(3, thrown.getSuppressed().length);
      assertInstanceOf(ConnectException.class, thrown.getSuppressed()[2]);
      assertTrue(socket.isClosed());
      awaitOpened(descriptors, 0);
    }
  }

  static Stream<Arguments> cutsAndKinds() {
    return Stream.of(ConnectCut.values())
        .flatMap(cut -> Stream.of(ThreadKind.values()).map(kind -> Arguments.of(cut, kind)));
  }

  @ParameterizedTest
  @MethodSource("cutsAndKinds")
  void aCutEndsAllAttempts(ConnectCut cut, ThreadKind kind) throws Exception {
    try (NamedHost host = NamedHost.of(SILENT, REFUSING, SILENT);
        CleanSocket socket = new CleanSocket(host.settings())) {
      OpenedDescriptors descriptors = OpenedDescriptors.baseline();
      CancelScope scope = CancelScope.open("job");
      FutureTask<Boolean> connect =
          new FutureTask<>(() -> {
            IOException thrown =
                assertThrows(
                    cut.thrown,
                    () -> scope.run(() -> socket.connect(host.unresolved(), cut.millis())));
            Cut record = ((CutException) thrown).cut();
            assertEquals(cut.kind, record.kind());
            assertEquals(Operation.CONNECT, record.call());
            assertTrue(
                thrown.getMessage().contains("127.77.0.3 of printer.test"), thrown::toString);
            assertEquals(
                cut == ConnectCut.SCOPE || cut == ConnectCut.INTERRUPT || cut == ConnectCut.CLOSE,
                record.origin() != null,
                thrown::toString);
            return Thread.currentThread().isInterrupted();
          });
      Thread victim = kind.start(connect);
      awaitTried(socket, 3);
      // Whoever interrupts it before it waits is not seen.
      Conditions.await("sleeps", () -> LockSupport.getBlocker(victim) instanceof StreamConnection);
      cut.cut(scope, socket, victim);
      assertEquals(cut == ConnectCut.INTERRUPT, connect.get());
      assertTrue(socket.isClosed());
      awaitOpened(descriptors, 0);
    }
  }

  /** A cut that comes with the connection: it is returned, or else closed by the library. */
  @Test
  void aConnectionIsReturnedOrClosed() throws Exception {
    int sockets = 100;
    try (NamedHost host = NamedHost.of(SILENT, LIVE)) {
      SocketSettings settings = host.settings();
      OpenedDescriptors descriptors = OpenedDescriptors.baseline();
      List<FutureTask<CleanSocket>> connects = new ArrayList<>();
      for (int i = 0; i < sockets; i++) {
        ThreadKind kind = ThreadKind.values()[i % 2];
        long micros = 1_000 * DELAY_MILLIS + ThreadLocalRandom.current().nextInt(0, 30_000);
        FutureTask<CleanSocket> connect =
            new FutureTask<>(() -> cutAfter(Duration.ofNanos(1_000 * micros), settings, host));
        connects.add(connect);
        kind.start(connect);
      }
      int connected = 0;
      for (FutureTask<CleanSocket> each : connects) {
        CleanSocket socket = each.get();
        if (socket.isConnected()) {
          connected++;
          assertFalse(socket.isClosed());
        } else {
          assertTrue(socket.isClosed());
        }
      }
      awaitOpened(descriptors, connected);
      for (FutureTask<CleanSocket> each : connects) {
        each.get().close();
      }
      awaitOpened(descriptors, 0);
    }
  }

  private static CleanSocket cutAfter(Duration limit, SocketSettings settings, NamedHost host)
      throws IOException {
    CleanSocket socket = new CleanSocket(settings);
    try {
      CancelScope.within(limit).run(() -> socket.connect(host.unresolved()));
    } catch (CutTimeoutException late) {
      // As it is meant to be for some.
    }
    return socket;
  }
}
