package dev.cleanbreak;

import java.io.InterruptedIOException;

/** A call was ended by a cancelled scope, an interrupt, or the shutdown of its server. */
public final class CancelledIOException extends InterruptedIOException implements CutException {
  private static final long serialVersionUID = 1;

  private final Cut cut;
  private final long bytesMoved;

  CancelledIOException(Cut cut, long bytesMoved, String after) {
    super(CutException.message(cut, bytesMoved, after));
    this.cut = cut;
    this.bytesMoved = bytesMoved;
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
}
