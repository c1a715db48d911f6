package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cut accept leaves the listener open and drops no connection; a cut connect closes. */
@Timeout(30)
class AcceptTest {
  private static CleanServerSocket listen() throws Exception {
    return new CleanServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @ParameterizedTest
  @EnumSource
  void aCutAcceptKeepsListening(ThreadKind kind) throws Exception {
    try (CleanServerSocket listener = listen()) {
      CancelScope scope = CancelScope.open("server");
      FutureTask<CleanSocket> accept = new FutureTask<>(() -> scope.call(listener::accept));
      Thread thread = kind.start(accept);
      Conditions.await("waiting", () -> isWaiting(thread));
      scope.cancel("not now");
      CancelledIOException cut = Futures.failure(CancelledIOException.class, accept);
      assertEquals(Operation.ACCEPT, cut.cut().call());
      assertFalse(listener.isClosed());

      listener.setSoTimeout(10);
      assertThrows(CutTimeoutException.class, listener::accept);
      listener.setSoTimeout(0);
      try (Socket client = new Socket()) {
        client.connect(listener.getLocalSocketAddress());
        CancelScope cancelled = CancelScope.open("cancelled");
        cancelled.cancel("stop");
        assertThrows(CancelledIOException.class, () -> cancelled.run(listener::accept));
        try (CleanSocket accepted = listener.accept()) {
          assertEquals(client.getLocalPort(), accepted.getPort(), "none was dropped");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptCutsAnAcceptAndKeepsTheListener(ThreadKind kind) throws Exception {
    try (CleanServerSocket listener = listen()) {
      FutureTask<CleanSocket> accept = new FutureTask<>(listener::accept);
      Thread thread = kind.start(accept);
      Conditions.await("waiting", () -> isWaiting(thread));
      thread.interrupt();
      CancelledIOException cut = Futures.failure(CancelledIOException.class, accept);
      assertEquals(CutKind.INTERRUPTED, cut.cut().kind());
      assertFalse(listener.isClosed());
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsAnAcceptAndNamesTheCloser(ThreadKind kind) throws Exception {
    CleanServerSocket listener = listen();
    FutureTask<CleanSocket> accept = new FutureTask<>(listener::accept);
    Thread thread = kind.start(accept);
    Conditions.await("waiting", () -> isWaiting(thread));
    listener.close();
    CutSocketException cut = Futures.failure(CutSocketException.class, accept);
    assertInstanceOf(CutOrigin.class, cut.getCause());
    InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
    assertThrows(java.net.ConnectException.class, () -> new Socket().connect(address));
  }

  /** Whoever closes a server may want to start the next one at once, on the same port. */
  @ParameterizedTest
  @EnumSource
  void thePortIsFreeWhenCloseReturnsThoughAnAcceptWasInside(ThreadKind kind) throws Exception {
    for (int i = 0; i < 20; i++) {
      CleanServerSocket listener = listen();
      FutureTask<CleanSocket> accept = new FutureTask<>(listener::accept);
      Thread thread = kind.start(accept);
      Conditions.await("waiting", () -> isWaiting(thread));
      listener.close();
      try (CleanServerSocket next =
          new CleanServerSocket(listener.getLocalPort(), 5, InetAddress.getLoopbackAddress())) {
        assertTrue(next.isBound());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAcceptTimeoutReachesTheAcceptThatWaits(ThreadKind kind) throws Exception {
    try (CleanServerSocket listener = listen()) {
      FutureTask<CleanSocket> accept = new FutureTask<>(listener::accept);
      Thread thread = kind.start(accept);
      Conditions.await("waiting", () -> isWaiting(thread));
      listener.setAcceptTimeout(Duration.ofMillis(10));
      Futures.failure(CutTimeoutException.class, accept);
    }
  }

  @ParameterizedTest
  @EnumSource
  void policiesOfAnInterrupt(ThreadKind kind) throws Exception {
    SocketSettings ignore = SocketSettings.standard().withInterruptPolicy(InterruptPolicy.IGNORE);
    try (Pair pair = Pair.open(ignore)) {
      FutureTask<Boolean> read =
          new FutureTask<>(() -> pair.in().read() == 7 && Thread.interrupted());
      Thread reader = kind.start(read);
      pair.awaitReader();
      reader.interrupt();
      Conditions.await("the status is put aside", () -> !reader.isInterrupted());
      pair.peerOut().write(7);
      assertTrue(read.get(), "the call goes on, the status is set afterwards");
    }
    SocketSettings close = SocketSettings.standard().withInterruptPolicy(InterruptPolicy.CLOSE);
    try (Pair pair = Pair.open(close)) {
      FutureTask<Boolean> read =
          new FutureTask<>(() -> {
            assertThrows(CutSocketException.class, () -> pair.in().read());
            return Thread.interrupted();
          });
      Thread reader = kind.start(read);
      pair.awaitReader();
      reader.interrupt();
      assertTrue(read.get(), "the status stays set");
      assertTrue(pair.socket().isClosed());
    }
  }

  /** As the JDK on a virtual thread: the socket is closed for it where the call must wait. */
  @ParameterizedTest
  @EnumSource
  void anInterruptBeforeACallThatNeedNotWaitClosesNothing(ThreadKind kind) throws Exception {
    SocketSettings close = SocketSettings.standard().withInterruptPolicy(InterruptPolicy.CLOSE);
    try (Pair pair = Pair.open(close)) {
      pair.peerOut().write(7);
      pair.awaitAvailable(1);
      FutureTask<Boolean> calls =
          new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            pair.out().write(1);
            assertEquals(7, pair.in().read());
            assertFalse(pair.socket().isClosed());
            assertThrows(CutSocketException.class, () -> pair.in().read());
            return Thread.interrupted();
          });
      kind.start(calls);
      assertTrue(calls.get());
      assertTrue(pair.socket().isClosed());
    }
  }

  /** Who comes second, or binds meanwhile, is refused and ends nothing. */
  @ParameterizedTest
  @EnumSource
  void aConnectIsNotEndedByASecondOneThatIsCut(ThreadKind kind) throws Exception {
    try (CleanServerSocket listener =
            new CleanServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket first = new Socket();
        Socket second = new Socket();
        CleanSocket socket = new CleanSocket()) {
      first.connect(listener.getLocalSocketAddress());
      second.connect(listener.getLocalSocketAddress());
      FutureTask<Boolean> connect =
          new FutureTask<>(() -> {
            socket.connect(listener.getLocalSocketAddress());
            return true;
          });
      kind.start(connect);
      Conditions.await("connecting", () -> isAsleep(socket.connection().outputTurn));
      CancelScope cancelled = CancelScope.open("cancelled");
      cancelled.cancel("before");
      cancelled.run(() ->
          assertThrows(
              CancelledIOException.class, () -> socket.connect(listener.getLocalSocketAddress())));
      assertThrows(
          CutTimeoutException.class, () -> socket.connect(listener.getLocalSocketAddress(), 10));
      assertThrows(SocketException.class, () -> socket.bind(null));
      assertFalse(socket.isClosed());
      try (CleanSocket one = listener.accept();
          CleanSocket other = listener.accept()) {
        assertTrue(connect.get(), "one of " + one + " and " + other + " made room");
      }
      assertThrows(SocketException.class, () -> socket.connect(listener.getLocalSocketAddress()));
      assertFalse(socket.isClosed());
    }
  }

  private static boolean isAsleep(Direction direction) {
    Call call = direction.owner();
    return call != null && call.isAsleep();
  }

  @Test
  void whatAChannelForbidsIsASocketException() {
    SocketException refused =
        assertThrows(
            SocketException.class,
            () ->
                NioPort.asSocket(() -> {
                  throw new UnsupportedAddressTypeException();
                }));
    assertInstanceOf(UnsupportedAddressTypeException.class, refused.getCause());
  }

  @Test
  void aHostThatIsNoneIsUnknown() {
    assertThrows(UnknownHostException.class, () -> new CleanSocket("1:2", 80));
  }

  /** A backlog that is full makes the next connect wait. */
  @ParameterizedTest
  @EnumSource
  void aCutConnectClosesTheSocket(ThreadKind kind) throws Exception {
    try (CleanServerSocket listener =
            new CleanServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket first = new Socket();
        Socket second = new Socket()) {
      first.connect(listener.getLocalSocketAddress());
      second.connect(listener.getLocalSocketAddress());
      CleanSocket third = new CleanSocket();
      FutureTask<Void> connect =
          new FutureTask<>(() -> {
            CancelScope.within(Duration.ofMillis(30))
                .run(() -> third.connect(listener.getLocalSocketAddress()));
            return null;
          });
      kind.start(connect);
      CutTimeoutException cut = Futures.failure(CutTimeoutException.class, connect);
      assertEquals(Operation.CONNECT, cut.cut().call());
      assertTrue(third.isClosed());
      CleanSocket fourth = new CleanSocket();
      assertThrows(
          CutTimeoutException.class, () -> fourth.connect(listener.getLocalSocketAddress(), 20));
    }
  }

  private static boolean isWaiting(Thread thread) {
    // A platform thread in the kernel is RUNNABLE for the JVM; its stack says where it is.
    return Arrays.stream(thread.getStackTrace())
        .map(StackTraceElement::getMethodName)
        .anyMatch(Set.of("select", "ppoll", "park")::contains);
  }
}
