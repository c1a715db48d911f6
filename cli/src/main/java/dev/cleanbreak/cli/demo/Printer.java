package dev.cleanbreak.cli.demo;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/**
 * A printer that jams on every job until its panel clears it, on sockets of the JDK.
 *
 * <pre>
 *   the first connection of a job:
 *     CONNECTED -- the job waits for its status: sends a part of it --&gt; JAMMED (reads nothing)
 *     JAMMED ---- "unjam" at the panel ----&gt; PRINTING
 *   PRINTING: reads, keeps the ledger, answers every end of the job with the status
 *
 *   No-ops: a second "unjam". Later connections of the job begin with PRINTING.
 * </pre>
 */
final class Printer {
  /** Small, so that the window of a jammed printer is soon full. */
  private static final int RECEIVE_BUFFER = 64 * 1024;

  private static final int BACKLOG = 200;
  private static final long GONE_LIMIT_SECONDS = 3;

  private final Map<Integer, Printing> all = new ConcurrentHashMap<>();

  /** A job of which the panel has heard. */
  private static final class Printing {
    final Job job;
    final Blocked call;
    final Ledger ledger;
    final CountDownLatch unjammed = new CountDownLatch(1);
    final CountDownLatch firstIsGone = new CountDownLatch(1);

    Printing(Job job, Blocked call) {
      this.job = job;
      this.call = call;
      this.ledger = new Ledger(job.content);
    }
  }

  /** Listens on a free port; returns it. */
  int listen(ServerSocketFactory factory) throws IOException {
    ServerSocket listener = factory.createServerSocket();
    listener.setReceiveBufferSize(RECEIVE_BUFFER);
    return accept(listener, this::print);
  }

  /** Listens for control connections on a free port; returns it. */
  int listenPanel() throws IOException {
    return accept(new ServerSocket(), this::panel);
  }

  private interface Service {
    void serve(Socket connection) throws IOException, InterruptedException;
  }

  private static int accept(ServerSocket listener, Service service) throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    Thread.ofPlatform()
        .name("printer-" + listener.getLocalPort())
        .start(() -> {
          for (; ; ) {
            try {
              Socket connection = listener.accept();
              Thread.ofPlatform().daemon().start(() -> serve(service, connection));
            } catch (IOException e) {
              throw new IllegalStateException("the printer cannot accept", e);
            }
          }
        });
    return listener.getLocalPort();
  }

  private static void serve(Service service, Socket connection) {
    try (connection) {
      service.serve(connection);
    } catch (IOException | InterruptedException e) {
      // Connections that break are what the demo is about; the ledger has what they brought.
    }
  }

  // ---- the panel: one line asks, one line answers

  private void panel(Socket connection) throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
    PrintWriter out =
        new PrintWriter(connection.getOutputStream(), true, StandardCharsets.US_ASCII);
    for (String line; (line = in.readLine()) != null; ) {
      String[] words = line.split(" ", -1);
      out.println(answer(words[0], Integer.parseInt(words[1]), words));
    }
  }

  private String answer(String command, int id, String[] words) throws InterruptedException {
    return switch (command) {
      case "expect" -> {
        Blocked call = Blocked.valueOf(words[2]);
        all.put(id, new Printing(new Job(id, call), call));
        yield "ok";
      }
      case "unjam" -> {
        printing(id).unjammed.countDown();
        yield "ok";
      }
      case "gone" ->
          printing(id).firstIsGone.await(GONE_LIMIT_SECONDS, TimeUnit.SECONDS)
              ? "ok"
              : "the first connection is still open";
      case "ledger" -> printing(id).ledger.tally(Integer.parseInt(words[2])).line();
      default -> throw new IllegalArgumentException("no such button: " + command);
    };
  }

  private Printing printing(int id) throws IllegalArgumentException {
    Printing printing = all.get(id);
    if (printing == null) {
      throw new IllegalArgumentException("job " + id + " was not announced at the panel");
    }
    return printing;
  }

  // ---- the jobs

  private void print(Socket connection) throws IOException, InterruptedException {
    DataInputStream in = new DataInputStream(connection.getInputStream());
    Printing printing = printing(in.readInt());
    int offset = in.readInt();
    if (offset != PrintClient.FROM_THE_START) {
      receive(connection, in, printing, offset, 0);
      return;
    }
    try {
      int sent = 0;
      if (printing.call == Blocked.READ) {
        sent = Job.STATUS_BEFORE_JAM;
        connection.getOutputStream().write(printing.job.status, 0, sent);
      }
      printing.unjammed.await();
      receive(connection, in, printing, 0, sent);
    } finally {
      printing.firstIsGone.countDown();
    }
  }

  /** Reads to the end; {@code statusSent} is how much of the first status is out already. */
  private static void receive(
      Socket connection, DataInputStream in, Printing printing, int offset, int statusSent)
      throws IOException {
    OutputStream out = connection.getOutputStream();
    Job job = printing.job;
    // The client sends no more than the job and one end before it waits for the status; what a
    // doubling adds fits as well.
    byte[] page = new byte[4 * job.content.length];
    int length = 0;
    int from = offset;
    int skip = statusSent;
    try {
      for (int n; (n = in.read(page, length, page.length - length)) > 0; ) {
        length += n;
        if (job.isEnded(page, length)) {
          printing.ledger.enter(from, page, length - job.end.length);
          from = job.content.length;
          length = 0;
          out.write(job.status, skip, job.status.length - skip);
          skip = 0;
        }
      }
    } finally {
      printing.ledger.enter(from, page, length);
    }
  }
}
