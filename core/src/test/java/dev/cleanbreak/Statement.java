package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * What is claimed about a socket: what is done with it, and what comes of it. One claim holds for
 * both {@link Kind}s; a {@link Difference} is a claim of its own for each.
 *
 * <p>The outcome is the value's text, or {@code throws} and the exception: the nearest class of the
 * JDK's that it is, and how its message begins where a colon is given.
 */
record Statement(String text, String outcome, Body body) {
  static final String DONE = "done";

  /** What is done. */
  interface Body {
    Object on(Kind kind) throws Exception;
  }

  /** What is done with a socket, and what comes of it. */
  interface Use<S> {
    Object on(S socket) throws Exception;
  }

  /** What is done with a socket. */
  interface Act<S> {
    void on(S socket) throws Exception;
  }

  static Statement says(String text, Object outcome, Body body) {
    return new Statement(text, String.valueOf(outcome), body);
  }

  /** Every claim for each kind. */
  static Stream<Arguments> onBoth(Statement... statements) {
    return Arrays.stream(statements)
        .flatMap(each -> Arrays.stream(Kind.values()).map(kind -> Arguments.of(kind, each)));
  }

  /** For what returns nothing. */
  static <S> Use<S> act(Act<S> act) {
    return socket -> {
      act.on(socket);
      return DONE;
    };
  }

  // ---- on a socket in one of its states

  static Body fresh(Use<Socket> use) {
    return kind -> {
      try (Socket socket = kind.socket()) {
        return use.on(socket);
      }
    };
  }

  static Body connected(Use<Socket> use) {
    return linked(link -> use.on(link.socket()));
  }

  static Body linked(Use<Kind.Link> use) {
    return kind -> {
      try (Kind.Link link = kind.link()) {
        return use.on(link);
      }
    };
  }

  /** Closed after it was connected. */
  static Body closed(Use<Socket> use) {
    return connected(socket -> {
      socket.close();
      return use.on(socket);
    });
  }

  /** Closed before it was anything. */
  static Body stillborn(Use<Socket> use) {
    return fresh(socket -> {
      socket.close();
      return use.on(socket);
    });
  }

  static Body unboundServer(Use<ServerSocket> use) {
    return kind -> {
      try (ServerSocket server = kind.server()) {
        return use.on(server);
      }
    };
  }

  static Body boundServer(Use<ServerSocket> use) {
    return kind -> {
      try (ServerSocket server = kind.server(0)) {
        return use.on(server);
      }
    };
  }

  static Body closedServer(Use<ServerSocket> use) {
    return boundServer(server -> {
      server.close();
      return use.on(server);
    });
  }

  static Body unboundDatagram(Use<DatagramSocket> use) {
    return kind -> {
      try (DatagramSocket socket = kind.datagram((SocketAddress) null)) {
        return use.on(socket);
      }
    };
  }

  static Body boundDatagram(Use<DatagramSocket> use) {
    return kind -> {
      try (DatagramSocket socket = kind.datagram(0, null)) {
        return use.on(socket);
      }
    };
  }

  static Body closedDatagram(Use<DatagramSocket> use) {
    return boundDatagram(socket -> {
      socket.close();
      return use.on(socket);
    });
  }

  // ---- what comes of it

  void holdsFor(Kind kind) {
    assertOutcome(outcome, kind);
  }

  void assertOutcome(String expected, Kind kind) {
    String actual = outcomeFor(kind);
    boolean begins =
        expected.startsWith("throws ")
            && (actual.startsWith(expected + ":")
                || expected.contains(": ") && actual.startsWith(expected));
    assertTrue(
        begins || actual.equals(expected),
        () -> text + " on " + kind + " should be <" + expected + "> but is <" + actual + ">");
  }

  private String outcomeFor(Kind kind) {
    try {
      return String.valueOf(body.on(kind));
    } catch (Throwable thrown) {
      Class<?> type = thrown.getClass();
      while (!type.getName().startsWith("java")) {
        type = type.getSuperclass();
      }
      return "throws " + type.getSimpleName() + ": " + thrown.getMessage();
    } finally {
      // What one statement leaves in the thread is not the next one's.
      Thread.interrupted();
    }
  }

  @Override
  public String toString() {
    return text;
  }

  /** A deliberate difference, and why. */
  record Difference(String text, String jdk, String clean, String why, Body body) {
    static Difference differs(String text, Object jdk, Object clean, String why, Body body) {
      return new Difference(text, String.valueOf(jdk), String.valueOf(clean), why, body);
    }

    void holds() {
      Statement statement = new Statement(text, jdk, body);
      statement.assertOutcome(jdk, Kind.JDK);
      statement.assertOutcome(clean, Kind.CLEAN);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
