package dev.cleanbreak.cli.demo;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs cells with a printer and a client in processes of their own. */
final class Demo {
  /** For one cell, beside what its call may hang: connecting, finishing, and a slow machine. */
  private static final Duration CELL_SLACK = Duration.ofSeconds(30);

  private final List<Cell> cells;
  private final Duration limit;
  private final String transport;
  private final List<String> clientFlags;

  /**
   * A run of {@code cells}.
   *
   * @param limit how long a call may hang after its cut
   * @param transport the name of the one that Cleanbreak's sockets use
   * @param clientFlags for the JVM of the print client
   */
  Demo(List<Cell> cells, Duration limit, String transport, List<String> clientFlags) {
    this.cells = List.copyOf(cells);
    this.limit = limit;
    this.transport = transport;
    this.clientFlags = List.copyOf(clientFlags);
  }

  /**
   * Runs the cells.
   *
   * @param progress hears of each report as it comes
   * @return a report for each cell, in the order of the cells
   * @throws IOException if a process cannot be started or dies
   */
  List<Report> run(Consumer<Report> progress) throws IOException, InterruptedException {
    try (Workshop workshop = new Workshop()) {
      boolean tls = cells.stream().anyMatch(cell -> cell.wire() == Wire.TLS);
      Certificate certificate = tls ? Certificate.make(workshop.folder()) : null;
      ChildProcess printer = workshop.start("printer", PrinterProcess.class, List.of());
      ChildProcess client = workshop.start("client", ClientProcess.class, clientFlags);
      PrinterPorts ports = turnOn(printer, certificate);
      return readReports(
          client, new Assignment(ports, certificate, limit.toMillis(), transport, cells), progress);
    }
  }

  private static PrinterPorts turnOn(ChildProcess printer, @Nullable Certificate certificate)
      throws IOException {
    String lines =
        certificate == null
            ? "\n\n"
            : certificate.keyStore() + "\n" + certificate.password() + "\n";
    printer.input().write(lines.getBytes(StandardCharsets.UTF_8));
    printer.input().flush();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(printer.output(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw printer.failed("did not come up");
    }
    return PrinterPorts.parse(line);
  }

  private List<Report> readReports(
      ChildProcess client, Assignment assignment, Consumer<Report> progress)
      throws IOException, InterruptedException {
    List<Report> reports = new ArrayList<>();
    Watchdog watchdog = new Watchdog(client, limit.plus(CELL_SLACK));
    try {
      ObjectOutputStream out = new ObjectOutputStream(client.input());
      out.writeObject(assignment);
      out.flush();
      ObjectInputStream in = new ObjectInputStream(client.output());
      while (reports.size() < cells.size()) {
        Report report = (Report) in.readObject();
        watchdog.fed();
        reports.add(report);
        progress.accept(report);
      }
    } catch (EOFException e) {
      throw client.failed("ended before its work was done");
    } catch (ClassNotFoundException e) {
      throw new IOException("the client process runs other classes than the demo", e);
    } finally {
      watchdog.close();
    }
    reports.sort(Comparator.comparingInt(report -> report.cell().id()));
    return reports;
  }
}
