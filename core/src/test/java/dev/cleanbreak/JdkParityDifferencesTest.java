package dev.cleanbreak;

import static dev.cleanbreak.Statement.DONE;
import static dev.cleanbreak.Statement.Difference.differs;
import static dev.cleanbreak.Statement.act;
import static dev.cleanbreak.Statement.boundDatagram;
import static dev.cleanbreak.Statement.boundServer;
import static dev.cleanbreak.Statement.closedDatagram;
import static dev.cleanbreak.Statement.connected;
import static dev.cleanbreak.Statement.fresh;
import static dev.cleanbreak.Statement.linked;
import static dev.cleanbreak.Statement.unboundDatagram;

import dev.cleanbreak.Statement.Difference;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every difference from java.net that is meant, and why; docs/jdk-semantics.md lists the same. */
@Timeout(60)
class JdkParityDifferencesTest {
  /** An address that no socket knows. */
  private static final class Elsewhere extends SocketAddress {
    private static final long serialVersionUID = 1;
  }

  private static Object onAnInterruptedThread(ThreadKind on, Statement.Use<Socket> use, Kind kind)
      throws Exception {
    try (Kind.Link link = kind.link()) {
      link.socket().setSoTimeout(20);
      FutureTask<Object> task =
          new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            Object outcome;
            try {
              outcome = use.on(link.socket());
            } catch (SocketTimeoutException e) {
              outcome = "timed out";
            } catch (SocketException e) {
              outcome = e.getMessage();
            } catch (InterruptedIOException e) {
              outcome = "cut";
            }
            return outcome
                + (Thread.interrupted() ? ", interrupted" : ", not interrupted")
                + (link.socket().isClosed() ? ", closed" : ", open");
          });
      on.start(task);
      return task.get();
    }
  }

  private static Statement.Body hasConstructor(Class<?>... types) {
    return kind ->
        Arrays.stream((kind == Kind.CLEAN ? CleanSocket.class : Socket.class).getConstructors())
            .anyMatch(each -> Arrays.equals(each.getParameterTypes(), types));
  }

  static Stream<Difference> differences() {
    return Stream.of(
        differs(
            "an interrupted platform thread reads",
            "timed out, interrupted, open",
            "cut, interrupted, open",
            "a platform thread can be interrupted out of a call; InterruptPolicy.IGNORE gives the"
                + " JDK's way",
            k -> onAnInterruptedThread(ThreadKind.PLATFORM, s -> s.getInputStream().read(), k)),
        differs(
            "an interrupted virtual thread reads",
            "Closed by interrupt, interrupted, closed",
            "cut, interrupted, open",
            "an interrupt never closes what others may use; InterruptPolicy.CLOSE gives the JDK's"
                + " way",
            k -> onAnInterruptedThread(ThreadKind.VIRTUAL, s -> s.getInputStream().read(), k)),
        differs(
            "the message of a read timeout",
            "Read timed out",
            "Read timed out; after",
            "messages begin with the JDK's words and go on with the record of the cut",
            connected(s -> {
              s.setSoTimeout(20);
              try {
                return s.getInputStream().read();
              } catch (SocketTimeoutException e) {
                return e.getMessage().replaceFirst("(after).*", "$1");
              }
            })),
        differs(
            "connect to an unresolved address",
            "throws UnknownHostException: localhost",
            "localhost",
            "it is how a caller leaves the lookup to the call, where it can be cut",
            kind -> {
              try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                  Socket socket = kind.socket()) {
                socket.connect(
                    InetSocketAddress.createUnresolved("localhost", here.getLocalPort()));
                return socket.getInetAddress().getHostName();
              }
            }),
        differs(
            "the cause of \"Socket closed\"",
            null,
            "CutOrigin",
            "it names the thread that closed, with its stack",
            connected(s -> {
              InputStream in = s.getInputStream();
              s.close();
              try {
                return in.read();
              } catch (SocketException e) {
                return e.getCause() == null ? null : e.getCause().getClass().getSimpleName();
              }
            })),
        differs(
            "the message of a bad value",
            "timeout can't be negative",
            "timeout can't be negative: -5; give 0 for none",
            "messages name the value and the fix",
            fresh(s -> {
              try {
                s.setSoTimeout(-5);
                return DONE;
              } catch (IllegalArgumentException e) {
                return e.getMessage();
              }
            })),
        differs(
            "close with SO_LINGER and unsent bytes",
            "waited",
            "did not wait",
            "close never waits; what the kernel has taken is still sent, as without SO_LINGER",
            linked(link -> {
              link.socket().setSoLinger(true, 1);
              // More than the peer's kernel takes while nobody reads there.
              link.socket().getOutputStream().write(new byte[512 * 1024]);
              long start = System.nanoTime();
              link.socket().close();
              return System.nanoTime() - start < 900_000_000L ? "did not wait" : "waited";
            })),
        differs(
            "more urgent data than the kernel has room for, on a virtual thread",
            "throws SocketException: No buffer space available",
            DONE,
            "it is a write: it waits for room and can be cut; on a platform thread the JDK's waits"
                + " too, and cannot be",
            linked(link -> {
              link.peer().setReceiveBufferSize(1024);
              link.socket().setSendBufferSize(1024);
              FutureTask<Object> burst =
                  new FutureTask<>(() -> {
                    try {
                      for (int i = 0; i < 200; i++) {
                        link.socket().sendUrgentData(1);
                      }
                      return DONE;
                    } catch (IOException full) {
                      return full;
                    }
                  });
              ThreadKind.VIRTUAL.start(burst);
              if (burst.get() instanceof IOException full) {
                throw full;
              }
              return burst.get();
            })),
        differs(
            "urgent data after shutdownOutput",
            "throws IOException: Broken pipe",
            "throws SocketException: Socket output is shutdown",
            "the same type as every other write then",
            connected(
                act(s -> {
                  s.shutdownOutput();
                  s.sendUrgentData(1);
                }))),
        differs(
            "write after shutdownOutput",
            "throws SocketException: Broken pipe",
            "throws SocketException: Socket output is shutdown",
            "the output knows better than the kernel why",
            connected(
                act(s -> {
                  OutputStream out = s.getOutputStream();
                  s.shutdownOutput();
                  out.write(1);
                }))),
        differs(
            "IP_TOS of a listener",
            DONE,
            "throws UnsupportedOperationException",
            "channels do not offer it to listeners; set it on what was accepted",
            boundServer(act(s -> s.setOption(StandardSocketOptions.IP_TOS, 8)))),
        differs(
            "implAccept into one of ours",
            true,
            false,
            "the JDK would give it an implementation of its own; accept with a CleanServerSocket",
            kind -> {
              class Accepting extends ServerSocket {
                Accepting() throws IOException {
                  super(0, 1, InetAddress.getLoopbackAddress());
                }

                Socket into(Socket socket) throws IOException {
                  implAccept(socket);
                  return socket;
                }
              }

              try (Accepting server = new Accepting();
                  Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                  Socket accepted = server.into(kind.socket())) {
                return accepted.isConnected() && client.isConnected();
              }
            }),
        differs(
            "the constructor by name with a flag for streams",
            true,
            false,
            "deprecated for removal",
            hasConstructor(String.class, int.class, boolean.class)),
        differs(
            "the constructor by address with a flag for streams",
            true,
            false,
            "deprecated for removal",
            hasConstructor(InetAddress.class, int.class, boolean.class)),
        differs(
            "datagrams to an address of a foreign type",
            "throws UnsupportedAddressTypeException",
            "throws IllegalArgumentException: Unsupported address type",
            "its superclass, with a message",
            boundDatagram(act(s -> s.connect(new Elsewhere())))),
        differs(
            "getOption of a closed datagram socket",
            "throws ClosedChannelException",
            "throws SocketException: Socket is closed",
            "the same as every other method of a closed socket",
            closedDatagram(s -> s.getOption(StandardSocketOptions.SO_BROADCAST))),
        differs(
            "supportedOptions of a datagram socket closed before it was bound",
            false,
            true,
            "it never had a descriptor that could be asked",
            unboundDatagram(s -> {
              s.close();
              return s.supportedOptions().isEmpty();
            })),
        differs(
            "setLength to what was received just now",
            2,
            5,
            "the capacity of a packet is hidden in the JDK; ours is kept beside it, and setLength"
                + " to the same length cannot be seen. setData can",
            kind -> {
              try (var socket = kind.datagram(0, InetAddress.getLoopbackAddress());
                  var from = new DatagramSocket()) {
                DatagramPacket got = new DatagramPacket(new byte[9], 9);
                for (int size : new int[] {2, 5}) {
                  from.send(
                      new DatagramPacket(new byte[size], size, socket.getLocalSocketAddress()));
                  socket.receive(got);
                  if (size == 2) {
                    got.setLength(2);
                  }
                }
                return got.getLength();
              }
            }));
  }

  @ParameterizedTest
  @MethodSource("differences")
  void holds(Difference difference) {
    difference.holds();
  }
}
