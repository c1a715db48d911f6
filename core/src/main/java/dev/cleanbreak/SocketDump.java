package dev.cleanbreak;

import java.time.Instant;
import java.util.List;

/**
 * What {@link CleanSockets#dump} has seen.
 *
 * @param time when it began to look
 * @param sockets the sockets that own a descriptor, in the order in which they were opened; also a
 *     closed one as long as a call is inside or bytes are carried
 */
public record SocketDump(Instant time, List<SocketState> sockets) {
  /** Copies the list. */
  public SocketDump {
    sockets = List.copyOf(sockets);
  }

  /** One line for each socket, and one indented below it for each of its calls. */
  @Override
  public String toString() {
    int calls = sockets.stream().mapToInt(each -> each.calls().size()).sum();
    StringBuilder text = new StringBuilder(128 + 128 * (sockets.size() + calls));
    text.append(time).append(": ").append(count(sockets.size(), "socket")).append(", ");
    text.append(count(calls, "call")).append(" inside\n");
    for (SocketState socket : sockets) {
      text.append(socket).append('\n');
      for (CallState call : socket.calls()) {
        text.append("    ").append(call).append('\n');
      }
    }
    return text.toString();
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }
}
