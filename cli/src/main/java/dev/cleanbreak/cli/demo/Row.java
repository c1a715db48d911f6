package dev.cleanbreak.cli.demo;

import org.jspecify.annotations.Nullable;

/**
 * What became of one cell. Everything in it was observed.
 *
 * @param ending how the call ended
 * @param afterMillis from the cut, or from when it was due, to the end of the call; how long it was
 *     waited for if the cut did not end it
 * @param alive whether the same connection took the rest of the job and one exchange more
 * @param finished whether the job was finished at all, if need be on a second connection
 * @param cutterReturned whether whoever cut came back from it while the printer was jammed
 * @param interruptKept whether the client's thread had its interrupt status set at the end
 * @param received the bytes of the job that the printer got
 * @param lost bytes that the client was told are accepted and that never came
 * @param doubled bytes that the printer got again, because the client could not know that it had
 *     them
 * @param foreign bytes that the printer got and that are nowhere in the job
 * @param exception the type of the exception that ended the call, or null if none did
 * @param message its message
 * @param cutKind the label of the kind of cut that it carries, or null if it carries none
 * @param who what it says of who did it
 * @param whoThread the thread that it names, or null
 * @param culprit the third-party code that it names, as Class.method, or null
 * @param agent the sentence that the agent has put into it, or null
 */
record Row(
    Cell cell,
    Ending ending,
    double afterMillis,
    boolean alive,
    boolean finished,
    boolean cutterReturned,
    boolean interruptKept,
    long received,
    long lost,
    long doubled,
    long foreign,
    @Nullable String exception,
    @Nullable String message,
    @Nullable String cutKind,
    Who who,
    @Nullable String whoThread,
    @Nullable String culprit,
    @Nullable String agent)
    implements Report {

  /** How a call ended. */
  enum Ending {
    /** The cut ended it. */
    CUT,
    /** It still hung at the limit and ended when the demo closed the socket. */
    HUNG_UNTIL_CLOSED,
    /** Closing the socket did not end it either, only the printer's coming back. */
    HUNG_UNTIL_UNJAMMED,
    /** Nothing ended it. */
    HUNG_FOR_EVER
  }

  boolean hung() {
    return ending != Ending.CUT;
  }

  boolean exact() {
    return lost == 0 && doubled == 0 && foreign == 0;
  }
}
