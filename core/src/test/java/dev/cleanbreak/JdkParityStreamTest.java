package dev.cleanbreak;

import static dev.cleanbreak.Statement.DONE;
import static dev.cleanbreak.Statement.act;
import static dev.cleanbreak.Statement.connected;
import static dev.cleanbreak.Statement.linked;
import static dev.cleanbreak.Statement.onBoth;
import static dev.cleanbreak.Statement.says;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The streams of {@link Socket}: reading, writing, half-close, urgent data, resets. */
@Timeout(30)
class JdkParityStreamTest {
  private static final String BOUNDS = "throws IndexOutOfBoundsException";
  private static final String NULL = "throws NullPointerException";
  private static final String SOCKET_CLOSED = "throws SocketException: Socket closed";

  private static Statement.Body in(Statement.Use<InputStream> use) {
    return connected(socket -> use.on(socket.getInputStream()));
  }

  private static Statement.Body out(Statement.Use<OutputStream> use) {
    return connected(socket -> use.on(socket.getOutputStream()));
  }

  /** The stream of a socket that was closed by another reference to it. */
  private static Statement.Body closedIn(Statement.Use<InputStream> use) {
    return connected(socket -> {
      InputStream in = socket.getInputStream();
      socket.close();
      return use.on(in);
    });
  }

  private static Statement.Body closedOut(Statement.Use<OutputStream> use) {
    return connected(socket -> {
      OutputStream out = socket.getOutputStream();
      socket.close();
      return use.on(out);
    });
  }

  /** The stream of a socket whose peer has sent some bytes and the end. */
  private static Statement.Body sent(Statement.Use<InputStream> use, int... bytes) {
    return linked(link -> {
      for (int each : bytes) {
        link.peer().getOutputStream().write(each);
      }
      link.peer().shutdownOutput();
      return use.on(link.socket().getInputStream());
    });
  }

  /** A socket whose peer has sent some bytes and a reset. */
  private static Statement.Body reset(Statement.Use<Socket> use, int... bytes) {
    return linked(link -> {
      for (int each : bytes) {
        link.peer().getOutputStream().write(each);
      }
      link.peer().setSoLinger(true, 0);
      link.peer().close();
      return use.on(link.socket());
    });
  }

  static Stream<Arguments> reading() {
    byte[] ten = new byte[10];
    return onBoth(
        says(
            "the stream is the same every time",
            true,
            connected(s -> s.getInputStream() == s.getInputStream())),
        says("read(null)", NULL, in(i -> i.read(null))),
        says("read(null, 0, 0)", NULL, in(i -> i.read(null, 0, 0))),
        says("read at -1", BOUNDS, in(i -> i.read(ten, -1, 1))),
        says("read of -1", BOUNDS, in(i -> i.read(ten, 0, -1))),
        says("read beyond the end", BOUNDS, in(i -> i.read(ten, 5, 6))),
        says("read of an overflowing range", BOUNDS, in(i -> i.read(ten, 5, Integer.MAX_VALUE))),
        says("read beyond the end, closed", BOUNDS, closedIn(i -> i.read(ten, 5, 6))),
        says("read of nothing", 0, in(i -> i.read(ten, 10, 0))),
        says("read of nothing, closed", 0, closedIn(i -> i.read(ten, 0, 0))),
        says(
            "read of nothing at the end",
            0,
            sent(i -> {
              i.read();
              return i.read(ten, 0, 0);
            })),
        says("read", 200, sent(InputStream::read, 200)),
        says("read at the end", -1, sent(InputStream::read)),
        says("read at the end again", "-1 -1", sent(i -> i.read() + " " + i.read(ten))),
        says(
            "read at the end, then closed",
            -1,
            linked(link -> {
              link.peer().close();
              InputStream i = link.socket().getInputStream();
              i.read();
              link.socket().close();
              return i.read();
            })),
        says("read, closed", SOCKET_CLOSED, closedIn(InputStream::read)),
        says(
            "read leaves what it did not read",
            "[0, 1, 2, 0]",
            sent(
                i -> {
                  byte[] some = new byte[4];
                  return i.readNBytes(some, 1, 2) == 2 ? Arrays.toString(some) : "too few";
                },
                1,
                2,
                3)),
        says("available of nothing", 0, in(InputStream::available)),
        says(
            "available",
            3,
            sent(
                i -> {
                  Conditions.await("three bytes", () -> available(i) == 3);
                  return i.available();
                },
                1,
                2,
                3)),
        says(
            "available at the end",
            0,
            sent(i -> {
              i.read();
              return i.available();
            })),
        says("available, closed", SOCKET_CLOSED, closedIn(InputStream::available)),
        says("skip", "2 3", sent(i -> i.skip(2) + " " + i.read(), 1, 2, 3)),
        says("skip of 0", 0, in(i -> i.skip(0))),
        says("skip of -1", 0, in(i -> i.skip(-1))),
        says("skip beyond the end", 3, sent(i -> i.skip(100), 1, 2, 3)),
        says(
            "skipNBytes beyond the end", "throws EOFException", sent(act(i -> i.skipNBytes(4)), 1)),
        says("skip, closed", SOCKET_CLOSED, closedIn(i -> i.skip(1))),
        says(
            "transferTo",
            "[1, 2, 3]",
            sent(
                i -> {
                  ByteArrayOutputStream to = new ByteArrayOutputStream();
                  i.transferTo(to);
                  return Arrays.toString(to.toByteArray());
                },
                1,
                2,
                3)),
        says("transferTo null", NULL, in(i -> i.transferTo(null))),
        says("readAllBytes", "[1, 2]", sent(i -> Arrays.toString(i.readAllBytes()), 1, 2)),
        says("mark", false, in(InputStream::markSupported)),
        says("reset", "throws IOException: mark/reset not supported", in(act(InputStream::reset))),
        says(
            "closing the stream closes the socket",
            "true true",
            connected(s -> {
              s.getInputStream().close();
              return s.isClosed() + " " + s.isConnected();
            })),
        says("closing the stream twice", DONE, closedIn(act(InputStream::close))),
        says(
            "read times out",
            "throws SocketTimeoutException: Read timed out",
            connected(s -> {
              s.setSoTimeout(20);
              return s.getInputStream().read();
            })),
        says(
            "read after a timeout",
            42,
            linked(link -> {
              link.socket().setSoTimeout(20);
              try {
                return link.socket().getInputStream().read();
              } catch (SocketTimeoutException expected) {
                link.peer().getOutputStream().write(42);
                link.socket().setSoTimeout(0);
                return link.socket().getInputStream().read();
              }
            })));
  }

  private static int available(InputStream in) {
    try {
      return in.available();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Arguments> writing() {
    byte[] ten = new byte[10];
    return onBoth(
        says(
            "the stream is the same every time",
            true,
            connected(s -> s.getOutputStream() == s.getOutputStream())),
        says("write(null)", NULL, out(act(o -> o.write(null)))),
        says("write(null, 0, 0), closed", NULL, closedOut(act(o -> o.write(null, 0, 0)))),
        says("write at -1", BOUNDS, out(act(o -> o.write(ten, -1, 1)))),
        says("write of -1", BOUNDS, out(act(o -> o.write(ten, 0, -1)))),
        says("write beyond the end", BOUNDS, out(act(o -> o.write(ten, 5, 6)))),
        says("write beyond the end, closed", BOUNDS, closedOut(act(o -> o.write(ten, 5, 6)))),
        says("write of nothing", DONE, out(act(o -> o.write(ten, 10, 0)))),
        says("write of nothing, closed", DONE, closedOut(act(o -> o.write(ten, 0, 0)))),
        says("write, closed", SOCKET_CLOSED, closedOut(act(o -> o.write(1)))),
        says("flush", DONE, out(act(OutputStream::flush))),
        says("flush, closed", DONE, closedOut(act(OutputStream::flush))),
        says(
            "write takes the low eight bits",
            "[255, 0]",
            linked(link -> {
              link.socket().getOutputStream().write(-1);
              link.socket().getOutputStream().write(256);
              return "["
                  + link.peer().getInputStream().read()
                  + ", "
                  + link.peer().getInputStream().read()
                  + "]";
            })),
        says(
            "write of a part",
            "[2, 3]",
            linked(link -> {
              link.socket().getOutputStream().write(new byte[] {1, 2, 3, 4}, 1, 2);
              return Arrays.toString(link.peer().getInputStream().readNBytes(2));
            })),
        says(
            "closing the stream closes the socket",
            "true",
            connected(s -> {
              s.getOutputStream().close();
              return s.isClosed();
            })),
        says(
            "close delivers what was written",
            "[1, 2, 3]",
            linked(link -> {
              link.socket().getOutputStream().write(new byte[] {1, 2, 3});
              link.socket().close();
              return Arrays.toString(link.peer().getInputStream().readAllBytes());
            })),
        says(
            "close with unread bytes delivers what was written, and the end",
            "[7, -1]",
            linked(link -> {
              link.peer().getOutputStream().write(1);
              Conditions.await(
                  "a byte",
                  () -> {
                    try {
                      return link.socket().getInputStream().available() == 1;
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  });
              link.socket().getOutputStream().write(7);
              InputStream in = link.peer().getInputStream();
              int first = in.read();
              link.socket().close();
              return "[" + first + ", " + in.read() + "]";
            })),
        says(
            "SO_LINGER 0 resets",
            "throws SocketException: Connection reset",
            linked(link -> {
              link.socket().setSoLinger(true, 0);
              link.socket().close();
              return link.peer().getInputStream().read();
            })));
  }

  static Stream<Arguments> halfClosing() {
    return onBoth(
        says(
            "shutdownInput",
            "true false false",
            connected(s -> {
              s.shutdownInput();
              return s.isInputShutdown() + " " + s.isOutputShutdown() + " " + s.isClosed();
            })),
        says(
            "shutdownInput twice",
            "throws SocketException: Socket input is already shutdown",
            connected(
                act(s -> {
                  s.shutdownInput();
                  s.shutdownInput();
                }))),
        says(
            "read after shutdownInput",
            "-1 0",
            connected(s -> {
              InputStream in = s.getInputStream();
              s.shutdownInput();
              return in.read() + " " + in.available();
            })),
        says(
            "what had come before shutdownInput is dropped",
            -1,
            linked(link -> {
              InputStream in = link.socket().getInputStream();
              link.peer().getOutputStream().write(1);
              Conditions.await("a byte", () -> available(in) == 1);
              link.socket().shutdownInput();
              return in.read();
            })),
        says(
            "getInputStream after shutdownInput",
            "throws SocketException: Socket input is shutdown",
            connected(s -> {
              s.shutdownInput();
              return s.getInputStream();
            })),
        says(
            "write after shutdownInput",
            5,
            linked(link -> {
              link.socket().shutdownInput();
              link.socket().getOutputStream().write(5);
              return link.peer().getInputStream().read();
            })),
        says(
            "shutdownOutput",
            "false true false",
            connected(s -> {
              s.shutdownOutput();
              return s.isInputShutdown() + " " + s.isOutputShutdown() + " " + s.isClosed();
            })),
        says(
            "shutdownOutput twice",
            "throws SocketException: Socket output is already shutdown",
            connected(
                act(s -> {
                  s.shutdownOutput();
                  s.shutdownOutput();
                }))),
        says(
            "write after shutdownOutput",
            "throws SocketException",
            connected(
                act(s -> {
                  OutputStream out = s.getOutputStream();
                  s.shutdownOutput();
                  out.write(1);
                }))),
        says(
            "flush after shutdownOutput",
            DONE,
            connected(
                act(s -> {
                  OutputStream out = s.getOutputStream();
                  s.shutdownOutput();
                  out.flush();
                }))),
        says(
            "getOutputStream after shutdownOutput",
            "throws SocketException: Socket output is shutdown",
            connected(s -> {
              s.shutdownOutput();
              return s.getOutputStream();
            })),
        says(
            "the peer sees the end and can still answer",
            "-1 9",
            linked(link -> {
              link.socket().shutdownOutput();
              int end = link.peer().getInputStream().read();
              link.peer().getOutputStream().write(9);
              return end + " " + link.socket().getInputStream().read();
            })),
        says(
            "both halves shut is not closed",
            false,
            connected(s -> {
              s.shutdownInput();
              s.shutdownOutput();
              return s.isClosed();
            })),
        says(
            "shutdown stays seen after close",
            "true true",
            connected(s -> {
              s.shutdownInput();
              s.shutdownOutput();
              s.close();
              return s.isInputShutdown() + " " + s.isOutputShutdown();
            })));
  }

  static Stream<Arguments> urgent() {
    return onBoth(
        says(
            "urgent data is dropped by default",
            "1 2",
            linked(link -> {
              link.peer().getOutputStream().write(1);
              link.peer().sendUrgentData(99);
              link.peer().getOutputStream().write(2);
              InputStream in = link.socket().getInputStream();
              return in.read() + " " + in.read();
            })),
        says(
            "urgent data in line",
            "1 99 2",
            linked(link -> {
              link.socket().setOOBInline(true);
              link.peer().getOutputStream().write(1);
              link.peer().sendUrgentData(99);
              link.peer().getOutputStream().write(2);
              InputStream in = link.socket().getInputStream();
              return in.read() + " " + in.read() + " " + in.read();
            })),
        says(
            "urgent data is sent as its low eight bits",
            99,
            linked(link -> {
              link.peer().setOOBInline(true);
              link.socket().sendUrgentData(0xffffff00 | 99);
              return link.peer().getInputStream().read();
            })));
  }

  static Stream<Arguments> broken() {
    return onBoth(
        says(
            "read after a reset",
            "throws SocketException: Connection reset",
            reset(s -> s.getInputStream().read())),
        says(
            "read after a reset, again",
            "throws SocketException: Connection reset",
            reset(s -> {
              readUntilReset(s);
              return s.getInputStream().read();
            })),
        says(
            "a reset does not close",
            "false true",
            reset(s -> {
              readUntilReset(s);
              return s.isClosed() + " " + s.isConnected();
            })),
        says(
            "available after a reset",
            0,
            reset(s -> {
              readUntilReset(s);
              return s.getInputStream().available();
            })),
        says("what came before the reset can be read", 3, reset(s -> readUntilReset(s), 1, 2, 3)),
        says(
            "read after reset and close",
            SOCKET_CLOSED,
            reset(s -> {
              InputStream in = s.getInputStream();
              readUntilReset(s);
              s.close();
              return in.read();
            })),
        says(
            "a broken pipe is not called closed",
            false,
            reset(s -> {
              byte[] some = new byte[1000];
              try {
                for (; ; ) {
                  s.getOutputStream().write(some);
                }
              } catch (SocketException broken) {
                return broken.getMessage().toLowerCase(Locale.ROOT).contains("closed");
              }
            })),
        says(
            "what came before a failed write can be read",
            3,
            reset(
                s -> {
                  byte[] some = new byte[1000];
                  try {
                    for (; ; ) {
                      s.getOutputStream().write(some);
                    }
                  } catch (SocketException broken) {
                    return readUntilReset(s);
                  }
                },
                1,
                2,
                3)),
        says(
            "close after a reset",
            true,
            reset(s -> {
              readUntilReset(s);
              s.close();
              return s.isClosed();
            })));
  }

  /** How many bytes were there before the connection broke or ended. */
  private static int readUntilReset(Socket socket) throws IOException {
    int n = 0;
    try {
      while (socket.getInputStream().read() >= 0) {
        n++;
      }
    } catch (SocketException reset) {
      return n;
    }
    return n;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"reading", "writing", "halfClosing", "urgent", "broken"})
  void holds(Kind kind, Statement statement) {
    statement.holdsFor(kind);
  }
}
