package dev.cleanbreak;

import static dev.cleanbreak.Statement.DONE;
import static dev.cleanbreak.Statement.says;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What other threads do to a call that waits, on both kinds of threads. */
@SuppressWarnings("try") // closing from elsewhere is what this is about
@Timeout(30)
class JdkParityBlockingTest {
  private static final String SOCKET_CLOSED = "throws SocketException: Socket closed";
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** Does something to the call once it waits. */
  private interface Disturbance {
    void disturb(Thread caller) throws Exception;
  }

  /** Calls on a thread of its own, disturbs it there, and returns what came of the call. */
  private static Object outcome(ThreadKind threads, Callable<Object> call, Disturbance then)
      throws Exception {
    FutureTask<Object> task = new FutureTask<>(call);
    Thread caller = threads.start(task);
    Conditions.await("a call that waits", () -> waits(caller));
    then.disturb(caller);
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Whether the thread is parked, or in a system call of a socket. */
  private static boolean waits(Thread thread) {
    if (thread.getState() != Thread.State.RUNNABLE) {
      return true;
    }
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0
        && ((stack[0].isNativeMethod() && stack[0].getClassName().contains(".nio.ch."))
            || stack[0].getMethodName().equals("ppoll"));
  }

  private static Object writeForEver(Socket socket) throws Exception {
    OutputStream out = socket.getOutputStream();
    byte[] much = new byte[256 * 1024];
    for (; ; ) {
      out.write(much);
    }
  }

  static Stream<Arguments> claims() {
    return Arrays.stream(ThreadKind.values()).flatMap(JdkParityBlockingTest::claims);
  }

  private static Stream<Arguments> claims(ThreadKind on) {
    return Statement.onBoth(
        says(
            on + ": close ends a read",
            SOCKET_CLOSED,
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                return outcome(on, in::read, caller -> link.socket().close());
              }
            }),
        says(
            on + ": close ends a read with a timeout",
            SOCKET_CLOSED,
            kind -> {
              try (Kind.Link link = kind.link()) {
                link.socket().setSoTimeout(30_000);
                InputStream in = link.socket().getInputStream();
                return outcome(on, in::read, caller -> link.socket().close());
              }
            }),
        says(
            on + ": close ends a write",
            SOCKET_CLOSED,
            kind -> {
              try (Kind.Link link = kind.link()) {
                return outcome(on, () -> writeForEver(link.socket()), c -> link.socket().close());
              }
            }),
        says(
            on + ": close of the stream ends a read",
            SOCKET_CLOSED,
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                return outcome(on, in::read, caller -> in.close());
              }
            }),
        says(
            on + ": close ends an accept",
            SOCKET_CLOSED,
            kind -> {
              try (ServerSocket server = kind.server(0)) {
                return outcome(on, server::accept, caller -> server.close());
              }
            }),
        says(
            on + ": close ends an accept with a timeout",
            SOCKET_CLOSED,
            kind -> {
              try (ServerSocket server = kind.server(0)) {
                server.setSoTimeout(30_000);
                return outcome(on, server::accept, caller -> server.close());
              }
            }),
        says(
            on + ": close ends a receive",
            SOCKET_CLOSED,
            kind -> {
              try (DatagramSocket socket = kind.datagram(0, LOOPBACK)) {
                return outcome(
                    on,
                    () -> {
                      socket.receive(new DatagramPacket(new byte[1], 1));
                      return DONE;
                    },
                    caller -> socket.close());
              }
            }),
        says(
            on + ": shutdownInput ends a read",
            -1,
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                return outcome(on, in::read, caller -> link.socket().shutdownInput());
              }
            }),
        says(
            on + ": shutdownInput ends a read with a timeout",
            -1,
            kind -> {
              try (Kind.Link link = kind.link()) {
                link.socket().setSoTimeout(30_000);
                InputStream in = link.socket().getInputStream();
                return outcome(on, in::read, caller -> link.socket().shutdownInput());
              }
            }),
        says(
            on + ": shutdownOutput ends a write",
            "throws SocketException",
            kind -> {
              try (Kind.Link link = kind.link()) {
                return outcome(
                    on, () -> writeForEver(link.socket()), c -> link.socket().shutdownOutput());
              }
            }),
        says(
            on + ": shutdownOutput leaves a read",
            3,
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                return outcome(
                    on,
                    in::read,
                    caller -> {
                      link.socket().shutdownOutput();
                      link.peer().getOutputStream().write(3);
                    });
              }
            }),
        says(
            on + ": a reset ends a read",
            "throws SocketException: Connection reset",
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                return outcome(
                    on,
                    in::read,
                    caller -> {
                      link.peer().setSoLinger(true, 0);
                      link.peer().close();
                    });
              }
            }),
        says(
            on + ": the peer's end ends a read",
            -1,
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                return outcome(on, in::read, caller -> link.peer().close());
              }
            }),
        says(
            on + ": setSoTimeout is for the next read",
            8,
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                return outcome(
                    on,
                    in::read,
                    caller -> {
                      link.socket().setSoTimeout(1);
                      Thread.yield();
                      link.peer().getOutputStream().write(8);
                    });
              }
            }),
        says(
            on + ": getters answer while a read waits",
            9,
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                return outcome(
                    on,
                    in::read,
                    caller -> {
                      link.socket().getTcpNoDelay();
                      link.socket().getLocalSocketAddress();
                      in.available();
                      link.peer().getOutputStream().write(9);
                    });
              }
            }),
        says(
            on + ": a second reader waits its turn and times out",
            "throws SocketTimeoutException: Read timed out",
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                Object[] second = new Object[1];
                outcome(
                    on,
                    in::read,
                    caller -> {
                      link.socket().setSoTimeout(20);
                      try {
                        second[0] = in.read();
                      } catch (IOException e) {
                        second[0] = e;
                      }
                      link.peer().getOutputStream().write(1);
                    });
                if (second[0] instanceof Exception failure) {
                  throw failure;
                }
                return second[0];
              }
            }),
        says(
            on + ": of two readers each gets a byte",
            "3",
            kind -> {
              try (Kind.Link link = kind.link()) {
                InputStream in = link.socket().getInputStream();
                int[] second = new int[1];
                int first =
                    (Integer)
                        outcome(
                            on,
                            in::read,
                            caller -> {
                              link.peer().getOutputStream().write(new byte[] {1, 2});
                              second[0] = in.read();
                            });
                return first + second[0];
              }
            }),
        says(
            on + ": connect, closed meanwhile or before",
            SOCKET_CLOSED,
            kind -> {
              // A listener whose queue is full takes no more: the next connect waits.
              try (ServerSocket full = new ServerSocket(0, 1, LOOPBACK);
                  Socket a = new Socket(LOOPBACK, full.getLocalPort());
                  Socket b = new Socket(LOOPBACK, full.getLocalPort());
                  Socket socket = kind.socket()) {
                return outcome(
                    on,
                    () -> {
                      socket.connect(new InetSocketAddress(LOOPBACK, full.getLocalPort()), 20_000);
                      return a.isConnected() && b.isConnected();
                    },
                    caller -> socket.close());
              }
            }),
        says(
            on + ": connect times out",
            "throws SocketTimeoutException: Connect timed out",
            kind -> {
              try (ServerSocket full = new ServerSocket(0, 1, LOOPBACK);
                  Socket a = new Socket(LOOPBACK, full.getLocalPort());
                  Socket b = new Socket(LOOPBACK, full.getLocalPort());
                  Socket socket = kind.socket()) {
                return outcome(
                    on,
                    () -> {
                      socket.connect(new InetSocketAddress(LOOPBACK, full.getLocalPort()), 50);
                      return a.isConnected() && b.isConnected();
                    },
                    caller -> {});
              }
            }));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("claims")
  void holds(Kind kind, Statement statement) {
    statement.holdsFor(kind);
  }
}
