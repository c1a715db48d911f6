package dev.cleanbreak;

import dev.cleanbreak.ScopeView.Registration;
import java.time.Instant;
import java.util.Objects;

/**
 * All sockets of this process, seen from outside: what is open, who waits where, and what is cut.
 *
 * <p>Thread-safe.
 */
public final class CleanSockets {
  private CleanSockets() {}

  /**
   * Registers a listener that is told of every cut in this process, once for each exception that
   * carries one: of sockets, listeners, datagram sockets and TLS sockets, and of {@link
   * ScopeView#checkpoint}. A write that was cut and carried its tail has completed; the call that
   * throws the cut is the one that is told. A listener registered twice is told twice.
   *
   * @return takes the listener back; a cut that is being told may still reach it
   */
  public static Registration addCutListener(CutListener listener) {
    return CutReport.listen(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * What is open now, and the calls inside. Stops nobody, takes no lock that a call holds and makes
   * no system call; so what comes, goes or changes meanwhile may be seen or not, and the parts of
   * one line may be a moment apart. A call that waits throughout is never missed. The result holds
   * names and numbers, never a socket or a thread.
   */
  public static SocketDump dump() {
    return new SocketDump(Instant.now(), OpenEndpoints.states());
  }
}
