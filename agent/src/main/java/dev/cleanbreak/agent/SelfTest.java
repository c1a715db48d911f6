package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Culprit;
import dev.cleanbreak.agent.boot.Recorder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts two calls, and looks whether the culprit arrives: a read on the loopback by a close, and one
 * on a channel by an interrupt. Else another agent, or a JDK that we do not know, is in the way.
 */
final class SelfTest {
  private static final long LIMIT_SECONDS = 5;

  private SelfTest() {}

  /** What does not work here; null if all does. */
  static @Nullable String failure() {
    try {
      return closed() ? interrupted() ? null : "a read that was interrupted" : "a read on a socket";
    } catch (IOException e) {
      return "a read on the loopback: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "nothing, as it was interrupted";
    } finally {
      while (Recorder.take() != null) {
        // These were nobody's.
      }
    }
  }

  @SuppressWarnings("try") // The close is the deed.
  private static boolean closed() throws IOException, InterruptedException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        Socket near = new Socket(loopback, server.getLocalPort())) {
      Victim victim = new Victim(() -> near.getInputStream().read());
      near.close();
      return victim.namesCulprit();
    }
  }

  private static boolean interrupted() throws IOException, InterruptedException {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      Victim victim = new Victim(() -> source.read(ByteBuffer.allocate(1)));
      victim.interrupt();
      return victim.namesCulprit() && sink.isOpen();
    }
  }

  private interface Call {
    void run() throws IOException;
  }

  /** A thread whose call is to be cut. */
  private static final class Victim extends Thread {
    private final Call call;
    private volatile boolean culprit;

    Victim(Call call) {
      super("cleanbreak-self-test");
      this.call = call;
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      try {
        call.run();
      } catch (IOException e) {
        for (Throwable suppressed : e.getSuppressed()) {
          culprit |= suppressed instanceof Culprit && suppressed.getStackTrace().length > 0;
        }
      }
    }

    boolean namesCulprit() throws InterruptedException {
      join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
      return culprit;
    }
  }
}
