package dev.cleanbreak;

/** What {@link Thread#interrupt} does to a call. The same on platform and virtual threads. */
public enum InterruptPolicy {
  /**
   * The call is cut with {@link CancelledIOException}, the interrupt status stays set, the socket
   * stays open. The default.
   */
  KEEP,
  /**
   * The socket is closed and the call ends with {@code SocketException}, the status stays set: what
   * the JDK does on a virtual thread.
   */
  CLOSE,
  /** The call goes on, the status stays set: what the JDK does on a platform thread. */
  IGNORE
}
