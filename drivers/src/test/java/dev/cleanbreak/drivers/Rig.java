package dev.cleanbreak.drivers;

import java.io.IOException;

/** One client with its pool, and the relay between it and the real server. */
interface Rig extends AutoCloseable {
  Relay relay();

  /** A round trip that leaves a connection in the client's pool. */
  void warmUp() throws Exception;

  /**
   * The request that is to be cut: one that has a large reply for {@link Place#MID_REPLY}, is large
   * itself for {@link Place#MID_WRITE}, and is counted by the server otherwise.
   */
  void request(Place place) throws Exception;

  /** What the client does when nobody cuts it; fails if the answer is wrong. */
  void nextRequest() throws Exception;

  /** What becomes of the next request, in a word for the table; fails if none works any more. */
  default String nextRequestAfterCut() throws Exception {
    nextRequest();
    return "works";
  }

  /** How often the server has done what the cut request asked for. */
  long done(Place place) throws Exception;

  /** The connections that the server itself says it has from this client. */
  long connectionsSeenByServer() throws Exception;

  /** The bytes that the server sends during the request before the reply that matters. */
  default long bytesBeforeReply() {
    return 0;
  }

  /** The bytes that the server sends before the middle of its reply. */
  default long middleOfReply() {
    return 100_000;
  }

  /** The connections that the client needs at most. */
  default int mostConnections() {
    return 1;
  }

  /** Whether the client waits for its reply where the cut reaches it. */
  default boolean isReachedBy(How how, Place place) {
    return true;
  }

  /** Whether the client is where the cut is meant to land. */
  default boolean isAtPlace(Place place, Thread client) {
    return isWaitingInCleanbreak(client);
  }

  /** Whether the thread sleeps inside a call of ours. */
  static boolean isWaitingInCleanbreak(Thread client) {
    if (client.isVirtual() && client.getState() == Thread.State.RUNNABLE) {
      return false;
    }
    for (StackTraceElement frame : client.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.cleanbreak.NioReadiness")) {
        return true;
      }
    }
    return false;
  }

  @Override
  void close() throws IOException;
}
