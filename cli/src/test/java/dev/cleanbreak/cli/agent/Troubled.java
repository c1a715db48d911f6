package dev.cleanbreak.cli.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Timer;
import java.util.TimerTask;

/**
 * A program whose reads a timer cuts, again and again. Prints, for each, how many culprits the
 * exception carries. Each line of its input is a command: {@code cut N}, {@code forever}, {@code
 * exit N}.
 */
final class Troubled {
  private Troubled() {}

  public static void main(String[] args) throws IOException {
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "cut" -> cut(Integer.parseInt(words[1]));
        case "forever" -> cut(Integer.MAX_VALUE);
        case "exit" -> System.exit(Integer.parseInt(words[1]));
        default -> System.out.println("heard " + line);
      }
    }
  }

  private static void cut(int times) throws IOException {
    Timer timer = new Timer("cutter", true);
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < times; i++) {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
            Socket peer = server.accept()) {
          timer.schedule(new Closer(socket), 100);
          int end = socket.getInputStream().read();
          System.out.println("ended with " + end + " of " + peer);
        } catch (SocketException e) {
          System.out.println("culprits " + e.getSuppressed().length);
        }
      }
    }
  }

  private static final class Closer extends TimerTask {
    private final Socket socket;

    Closer(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void run() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
