package dev.cleanbreak;

import java.net.SocketException;

/**
 * A call was ended because another thread closed the socket, or the socket gave up on its caller.
 */
public final class CutSocketException extends SocketException implements CutException {
  private static final long serialVersionUID = 1;

  private final Cut cut;
  private final long bytesMoved;

  CutSocketException(Cut cut, long bytesMoved, String after) {
    super(CutException.message(cut, bytesMoved, after));
    this.cut = cut;
    this.bytesMoved = bytesMoved;
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
}
