package dev.cleanbreak.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * A program with one trouble, named by its first argument. Prints the stack trace of the victim.
 */
final class TroubleMain {
  private TroubleMain() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "close" -> close();
      case "jar" -> jar();
      case "try-with-resources" -> tryWithResources();
      case "storm" -> storm();
      case "shutdown" -> shutdown(Path.of(arguments[1]));
      case "masked" -> masked();
      case "none" -> none();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.out.println("done");
    new BufferedReader(new InputStreamReader(System.in)).readLine();
  }

  private static Stage reader(Socket socket) throws Exception {
    return new Stage("0 platform", false).call(() -> socket.getInputStream().read()).waits();
  }

  private static void print(Stage stage) throws Exception {
    stage.ends(Stage.LIMIT_NANOS);
    Throwable thrown = stage.thrown();
    System.out.println(thrown);
    for (Throwable suppressed : thrown.getSuppressed()) {
      System.out.println(suppressed.getMessage());
      System.out.println(Arrays.toString(suppressed.getStackTrace()));
    }
  }

  private static void close() throws Exception {
    Socket socket = Ways.pair()[0];
    print(reader(socket).by(socket::close));
  }

  /** A class of a jar on the class path cuts: com.acme.Cutter, which the test makes. */
  private static void jar() throws Exception {
    Socket socket = Ways.pair()[0];
    Runnable cutter =
        (Runnable)
            Class.forName("com.acme.Cutter")
                .getConstructor(AutoCloseable.class)
                .newInstance(socket);
    print(reader(socket).by(cutter::run));
  }

  private static void tryWithResources() throws Exception {
    Socket[] sockets = Ways.pair();
    Stage stage = reader(sockets[0]);
    print(stage.by(() -> leave(sockets[0])));
  }

  private static void leave(Socket socket) throws Exception {
    try (Socket owned = socket) {
      owned.setTcpNoDelay(true);
    }
  }

  /** Interrupts as fast as may be, of a thread that takes every one. */
  private static void storm() throws Exception {
    Stage stage =
        new Stage("0 platform", false)
            .call(() -> {
              while (true) {
                try {
                  Thread.sleep(60_000);
                } catch (InterruptedException e) {
                  // Once more.
                }
              }
            });
    stage.waits();
    long interrupts = 0;
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < 3_000_000_000L) {
      stage.victim().interrupt();
      interrupts++;
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.println(interrupts);
    System.out.println((runtime.totalMemory() - runtime.freeMemory()) >> 20);
  }

  /** The program goes when the recording has its cut. */
  private static void shutdown(Path recording) throws Exception {
    Socket socket = Ways.pair()[0];
    Stage stage = reader(socket);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  LockSupport.parkNanos(50_000_000);
                  Ways.closeQuietly(socket);
                  awaitCut(stage, recording);
                },
                "app-shutdown"));
  }

  private static void awaitCut(Stage stage, Path recording) {
    try {
      stage.ends(Stage.LIMIT_NANOS);
      long deadline = System.nanoTime() + Stage.LIMIT_NANOS;
      while (!Files.readString(recording).contains("\"cut\"") && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(1_000_000);
      }
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Flight Recorder, up to Java 21, throws another exception in the place of the true one. */
  private static void masked() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(Ways.LOOPBACK, 0));
      SocketChannel near = SocketChannel.open(server.getLocalAddress());
      SocketChannel far = server.accept();
      Stage stage =
          new Stage("0 platform", false).call(() -> near.read(ByteBuffer.allocate(1))).waits();
      LockSupport.parkNanos(50_000_000); // Longer than the event's threshold.
      print(stage.by(() -> stage.victim().interrupt()));
      far.close();
    }
  }

  /** Nothing to blame: a dialogue, a close by the one who reads, an end by the other side. */
  private static void none() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (ServerSocket server = new ServerSocket(0, 1, Ways.LOOPBACK);
          Socket near = new Socket(Ways.LOOPBACK, server.getLocalPort());
          Socket far = server.accept()) {
        near.getOutputStream().write(1);
        if (far.getInputStream().read() != 1) {
          throw new IllegalStateException();
        }
        far.shutdownOutput();
        if (near.getInputStream().read() != -1) {
          throw new IllegalStateException();
        }
      }
    }
  }
}
