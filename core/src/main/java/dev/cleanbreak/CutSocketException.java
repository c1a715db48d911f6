package dev.cleanbreak;

import java.net.SocketException;

/**
 * A call was ended because another thread closed the socket, or the socket gave up on its caller.
 */
public final class CutSocketException extends SocketException implements CutException {
  private static final long serialVersionUID = 1;

  private final Cut cut;
  private final long bytesMoved;
  private final String after;

  CutSocketException(Cut cut, long bytesMoved, String after) {
    this.cut = cut;
    this.bytesMoved = bytesMoved;
    this.after = after;
    if (cut.origin() != null) {
      initCause(cut.origin());
    }
  }

  @Override
  public Cut cut() {
    return cut;
  }

  @Override
  public long bytesMoved() {
    return bytesMoved;
  }

  /**
   * Put together when asked for: whoever waits for the thread that was cut need not wait for it.
   */
  @Override
  public String getMessage() {
    return cut.message(bytesMoved, after);
  }
}
