package dev.cleanbreak;

import java.io.IOException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** Turns what channels throw into what sockets declare. */
final class SocketExceptions {
  private SocketExceptions() {}

  static SocketException of(IOException e) {
    if (e instanceof SocketException already) {
      return already;
    }
    return of(e.getMessage(), e);
  }

  static SocketException of(@Nullable String message, Exception cause) {
    SocketException converted = new SocketException(message);
    converted.initCause(cause);
    return converted;
  }
}
