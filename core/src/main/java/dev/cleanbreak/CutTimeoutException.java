package dev.cleanbreak;

import java.net.SocketTimeoutException;

/** A call was ended by a scope's deadline or by its own timeout. */
public final class CutTimeoutException extends SocketTimeoutException implements CutException {
  private static final long serialVersionUID = 1;

  private final Cut cut;
  private final long bytesMoved;
  private final String after;

  CutTimeoutException(Cut cut, long bytesMoved, String after) {
    this.cut = cut;
    this.bytesMoved = bytesMoved;
    this.after = after;
    this.bytesTransferred = (int) Math.min(bytesMoved, Integer.MAX_VALUE);
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
