package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
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
    // A platform thread in a selector is RUNNABLE for the JVM; its stack says where it is.
    return Arrays.stream(thread.getStackTrace())
        .map(StackTraceElement::getMethodName)
        .anyMatch(method -> method.equals("select") || method.equals("park"));
  }
}
