package dev.cleanbreak.cli.demo;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The buttons of the printer, for one job, over a connection of its own. Not thread-safe. */
final class Panel implements AutoCloseable {
  /** Far beyond everything that the printer waits for. */
  private static final int LIMIT_MILLIS = 10_000;

  private final Socket socket;
  private final BufferedReader in;
  private final PrintWriter out;
  private final int job;

  Panel(int port, Job job, Blocked call) throws IOException {
    this.job = job.id;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LIMIT_MILLIS);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.US_ASCII);
    demandOk("expect", " " + call.name());
  }

  /** The jam is cleared: the printer reads again. */
  void unjam() throws IOException {
    demandOk("unjam", "");
  }

  /** Returns once the printer has seen the end of the job's first connection. */
  void awaitGone() throws IOException {
    demandOk("gone", "");
  }

  /** What the printer has, given how much of the job the client was told is accepted. */
  Ledger.Tally ledger(int told) throws IOException {
    return Ledger.Tally.parse(ask("ledger", " " + told));
  }

  private void demandOk(String command, String more) throws IOException {
    String answer = ask(command, more);
    if (!answer.equals("ok")) {
      throw new IOException("printer, " + command + ": " + answer);
    }
  }

  private String ask(String command, String more) throws IOException {
    out.println(command + " " + job + more);
    String answer = in.readLine();
    if (answer == null) {
      throw new EOFException("the printer did not answer: " + command);
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
