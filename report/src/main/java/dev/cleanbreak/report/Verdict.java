package dev.cleanbreak.report;

import java.util.Locale;

/** What kind of thing ended a call. The list is closed: every cut has exactly one of these. */
public enum Verdict implements Named {
  /** A thread interrupted another one, by {@code Thread.interrupt} itself. */
  INTERRUPT("interrupted by another thread"),
  /** {@code Future.cancel(true)} interrupted the thread that ran the task. */
  FUTURE_CANCEL("Future.cancel(true)"),
  /** An executor was shut down with its tasks inside. */
  EXECUTOR_SHUTDOWN_NOW("shutdownNow() of an executor"),
  /** A structured task scope ended while a subtask was in the call. */
  STRUCTURED_SCOPE("end of a structured task scope"),
  /** Done by the thread that serves the user interface. */
  UI_THREAD("the thread of the user interface"),
  /** Done by the callback of a timer or a scheduler. */
  TIMER("callback of a timer"),
  /** A connection pool threw the connection out. */
  POOL_EVICTION("eviction by a connection pool"),
  /** The JVM was on its way out. */
  SHUTDOWN_HOOK("shutdown of the JVM"),
  /** Another thread left a try-with-resources block that owned the resource. */
  OTHER_THREAD_TRY_WITH_RESOURCES("end of a try-with-resources on another thread"),
  /** The garbage collector closed what nobody held any more. */
  LEAK("closed by the garbage collector"),
  /** A limit that somebody had set was reached. */
  TIMEOUT("timeout"),
  /** The other side, or something between, reset the connection. */
  PEER_RESET("reset by the peer"),
  /** The other side ended the connection in the middle of something. */
  PEER_END("ended by the peer"),
  /** Reset after a long silence: something between forgot the connection. */
  IDLE_DROP("dropped between the hosts after a silence"),
  /** Native code closed the descriptor behind the JVM's back. */
  NATIVE_CLOSE("descriptor closed by native code"),
  /** A scope of Cleanbreak's own sockets was cut, or its deadline passed. */
  SCOPE_CANCEL("cut of a Cleanbreak scope"),
  /** The thread did it to itself. */
  SELF("the same thread"),
  /** Another thread closed the socket, channel or selector, for reasons its stack does not tell. */
  CLOSE("closed by another thread"),
  /** Nobody was seen. */
  UNKNOWN("unknown");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A few words for people. */
  public String text() {
    return text;
  }
}
