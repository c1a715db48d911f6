package dev.cleanbreak;

import java.io.IOException;
import java.net.SocketException;

/** Turns what channels throw into what sockets declare. */
final class SocketExceptions {
  private SocketExceptions() {}

  static SocketException of(IOException e) {
    if (e instanceof SocketException already) {
      return already;
    }
    SocketException converted = new SocketException(e.getMessage());
    converted.initCause(e);
    return converted;
  }
}
