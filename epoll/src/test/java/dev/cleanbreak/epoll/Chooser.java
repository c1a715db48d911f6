package dev.cleanbreak.epoll;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CancelledIOException;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CutException;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A program of its own for {@link TransportChoiceTest}: uses sockets twice and prints on which
 * transport they were, or what they threw. Its arguments are system calls that the kernel is to
 * refuse to it, each as {@code number=errno}.
 */
final class Chooser {
  private static final int DIALOGUE = 20;
  private static final long LIMIT_SECONDS = 20;

  private Chooser() {}

  public static void main(String[] refused) throws Exception {
    for (String each : refused) {
      String[] parts = each.split("=");
      Seccomp.refuse(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }
    for (int i = 0; i < 2; i++) {
      try {
        use(Thread.ofPlatform());
        use(Thread.ofVirtual());
        System.out.println("on " + SocketSettings.standard().transport().name());
      } catch (RuntimeException | Error e) {
        System.out.println(e);
      }
    }
  }

  /** A dialogue, and a read that is cut by its deadline and one that a cancel cuts. */
  private static void use(Thread.Builder kind) throws Exception {
    try (CleanServerSocket listener =
            new CleanServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CleanSocket near = new CleanSocket()) {
      near.connect(listener.getLocalSocketAddress());
      try (Socket far = listener.accept()) {
        FutureTask<Void> echo = new FutureTask<>(() -> echo(far), null);
        kind.start(echo);
        FutureTask<Void> caller =
            new FutureTask<>(() -> {
              ask(near);
              cutByDeadline(near);
              cutByCancel(near);
              return null;
            });
        kind.start(caller);
        caller.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        near.shutdownOutput();
        echo.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException e) {
        throw new AssertionError(e.getCause());
      }
    }
  }

  private static void echo(Socket socket) {
    try {
      for (int each; (each = socket.getInputStream().read()) >= 0; ) {
        socket.getOutputStream().write(each);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void ask(Socket socket) throws IOException {
    for (int i = 0; i < DIALOGUE; i++) {
      socket.getOutputStream().write(i);
      if (socket.getInputStream().read() != i) {
        throw new AssertionError("another answer");
      }
    }
  }

  private static void cutByDeadline(CleanSocket socket) throws IOException {
    try (CancelScope scope = CancelScope.within(java.time.Duration.ofMillis(20))) {
      scope.run(() -> socket.getInputStream().read());
      throw new AssertionError("not cut");
    } catch (IOException e) {
      if (!(e instanceof CutException)) {
        throw e;
      }
    }
  }

  private static void cutByCancel(CleanSocket socket) throws IOException {
    CancelScope scope = CancelScope.open("a read");
    try {
      Thread.ofPlatform().start(() -> scope.cancel("enough"));
      scope.run(() -> socket.getInputStream().read());
      throw new AssertionError("not cut");
    } catch (CancelledIOException cut) {
      // as it should be
    } finally {
      scope.close();
    }
  }
}
