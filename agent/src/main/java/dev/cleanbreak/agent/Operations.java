package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Cut;
import dev.cleanbreak.agent.boot.Ending;
import dev.cleanbreak.report.Operation;
import org.jspecify.annotations.Nullable;

/** What a call did, read from the JDK's frames on its stack. */
final class Operations {
  private Operations() {}

  static Operation of(Cut cut, Frames stack) {
    if (cut.ending() == Ending.SELECT_INTERRUPTED) {
      return Operation.SELECT;
    }
    if (cut.ending() == Ending.END_OF_STREAM) {
      return Operation.READ;
    }
    if (cut.target().startsWith("sun.nio.ch.FileChannel")) {
      return Operation.FILE;
    }
    if (cut.target().equals("java.lang.InterruptedException")) {
      return Operation.WAIT;
    }
    if (stack.has("sun.security.ssl.SSLSocketImpl", "startHandshake")) {
      return Operation.HANDSHAKE;
    }
    boolean datagram = cut.target().startsWith("sun.nio.ch.Datagram");
    for (StackTraceElement frame : stack.all()) {
      if (!Frames.isJdk(frame)) {
        break;
      }
      Operation operation = of(frame.getMethodName(), datagram);
      if (operation != null) {
        return operation;
      }
    }
    return Operation.CALL;
  }

  private static @Nullable Operation of(String method, boolean datagram) {
    return switch (method) {
      case "read", "implRead", "blockingRead", "beginRead", "endRead", "timedRead" ->
          datagram ? Operation.RECEIVE : Operation.READ;
      case "write", "implWrite", "blockingWriteFully", "sendUrgentData", "sendOutOfBandData" ->
          datagram ? Operation.SEND : Operation.WRITE;
      case "accept", "implAccept", "blockingAccept" -> Operation.ACCEPT;
      case "connect", "blockingConnect", "finishConnect" -> Operation.CONNECT;
      case "receive", "blockingReceive" -> Operation.RECEIVE;
      case "send", "blockingSend" -> Operation.SEND;
      case "select", "selectNow", "lockAndDoSelect" -> Operation.SELECT;
      default -> null;
    };
  }
}
