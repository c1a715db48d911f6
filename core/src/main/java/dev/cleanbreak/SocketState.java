package dev.cleanbreak;

import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A socket that owns a descriptor, as {@link CleanSockets#dump} saw it.
 *
 * @param id its number: the first socket that this process opened has 1, and none is given twice
 * @param kind what it is
 * @param local the local address, or null if it is not bound
 * @param remote the peer's address, or null if it is not connected
 * @param closed whether it was closed; it is still here because calls are leaving it or because
 *     carried bytes are being delivered
 * @param inputShut whether this side has shut the input down
 * @param outputShut whether this side has shut the output down
 * @param poison why its output takes no more writes, or null if it does
 * @param carried the bytes of cut writes that are owed to the peer
 * @param calls the calls inside, those that read before those that write
 */
public record SocketState(
    long id,
    Kind kind,
    @Nullable SocketAddress local,
    @Nullable SocketAddress remote,
    boolean closed,
    boolean inputShut,
    boolean outputShut,
    @Nullable String poison,
    int carried,
    List<CallState> calls) {

  /** What a socket is. */
  public enum Kind {
    /** A TCP socket, with or without TLS over it. */
    STREAM,
    /** A server socket. */
    LISTENER,
    /** A UDP socket. */
    DATAGRAM
  }

  /** Copies the list. */
  public SocketState {
    calls = List.copyOf(calls);
  }

  /** Whether it has a peer. */
  public boolean connected() {
    return remote != null;
  }

  /** The socket in one line, without its calls. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(128);
    text.append('#').append(id).append(' ').append(kind.name().toLowerCase(Locale.ROOT));
    text.append(' ').append(local == null ? "unbound" : local);
    if (remote != null) {
      text.append(" -> ").append(remote);
    } else if (kind == Kind.STREAM) {
      text.append(", not connected");
    }
    text.append(closed ? ", closed" : "");
    text.append(inputShut ? ", input shut" : "").append(outputShut ? ", output shut" : "");
    if (carried > 0) {
      text.append(", ").append(carried).append(" bytes carried");
    }
    if (poison != null) {
      text.append(", ").append(poison);
    }
    return text.toString();
  }
}
