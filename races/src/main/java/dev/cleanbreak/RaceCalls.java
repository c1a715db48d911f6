package dev.cleanbreak;

import dev.cleanbreak.spi.Port;
import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The steps that races are made of; each says in one word how it ended. */
final class RaceCalls {
  /** The first use of the clock and of the settings is not part of any race. */
  static final SocketSettings SETTINGS =
      SocketSettings.standard().withTransport(RaceTransport.INSTANCE);

  static final CutCause CANCEL = CutCause.unseen(CutKind.CANCELLED, "race", "scope");
  static final CutCause CLOSE = CutCause.unseen(CutKind.CLOSED, null, null);

  private RaceCalls() {}

  static ScopeNode scope() {
    return scope(ScopeNode.ROOT, Ticks.NEVER);
  }

  static ScopeNode scope(ScopeNode outer, long deadline) {
    return new ScopeNode(outer, "race", null, deadline, false);
  }

  static StreamConnection connection(RacePort port) {
    try {
      return new StreamConnection(SETTINGS, port);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** "done", or what cut the call, or "LOST" if nothing woke it: then it woke by itself. */
  static String outcome(Callable<?> body) {
    long began = System.nanoTime();
    String word = wordFor(body);
    return System.nanoTime() - began > RacePort.LOST_NANOS ? "LOST" : word;
  }

  private static String wordFor(Callable<?> body) {
    try {
      Object result = body.call();
      return result instanceof String word ? word : "done";
    } catch (IOException e) {
      return word(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String word(IOException e) {
    if (e instanceof CutException cut) {
      return cut.cut().kind().name();
    }
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("Socket closed") || message.startsWith("Socket is closed")) {
      return "CLOSED";
    }
    return message.startsWith("the output is poisoned") ? "POISONED" : message;
  }

  static String in(ScopeNode scope, Callable<?> body) {
    return ScopedValue.where(ScopeNode.CURRENT, scope).call(() -> outcome(body));
  }

  static String read(StreamConnection connection) {
    return outcome(() -> connection.input.read(ByteBuffer.allocate(1)) < 0 ? "end" : "done");
  }

  static String write(StreamConnection connection, String text) {
    ByteBuffer source = bytes(text);
    return outcome(() -> connection.output.write(source, WriteMode.EXACT));
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Waits for {@code port}, without the look at the scope that a call begins with. */
  static String await(RaceEndpoint endpoint, RacePort port) {
    return outcome(() -> {
      Call call = endpoint.enter(endpoint.inputTurn, Operation.READ, () -> Ticks.NEVER);
      try {
        while (port.read(new byte[1], 0, 1) == 0) {
          if (!endpoint.waitFor(endpoint.inputTurn, call, Readiness.READ)) {
            throw call.exception(0);
          }
        }
        return "done";
      } finally {
        endpoint.end(endpoint.inputTurn, call);
      }
    });
  }

  /** An endpoint with nothing of its own. */
  static final class RaceEndpoint extends Endpoint {
    RaceEndpoint(RacePort port) {
      super(SETTINGS);
      adopt(port);
    }

    @Override
    SocketState.Kind kind() {
      return SocketState.Kind.STREAM;
    }

    @Override
    @Nullable SocketAddress localAddressOrNull() {
      return null;
    }

    @Override
    @Nullable SocketAddress remoteAddressOrNull() {
      return null;
    }

    @Override
    Port openPort(Transport transport) {
      throw new AssertionError("the port is adopted");
    }
  }
}
