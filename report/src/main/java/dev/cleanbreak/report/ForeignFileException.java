package dev.cleanbreak.report;

import java.io.IOException;

/** A file that is no recording of cuts; the message says by what it can be seen. */
public final class ForeignFileException extends IOException {
  private static final long serialVersionUID = 1L;

  ForeignFileException(String message) {
    super(message);
  }

  ForeignFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
