package dev.cleanbreak.cli.demo;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The print client, in a process of its own. Reads its {@link Assignment} from standard input,
 * writes a {@link Report} for each cell to standard output, and ends with that input.
 */
final class ClientProcess {
  /** Enough to keep the cells that hang from adding up; few enough not to disturb each other. */
  private static final int CELLS_AT_ONCE = 16;

  private ClientProcess() {}

  public static void main(String[] args) throws IOException, ClassNotFoundException {
    ObjectOutputStream out = new ObjectOutputStream(System.out);
    out.flush();
    // Nothing else may get between the reports.
    System.setOut(System.err);
    Assignment assignment = (Assignment) new ObjectInputStream(System.in).readObject();
    ParentWatch.start(System.in);

    Sockets sockets = new Sockets(assignment);
    warmUp(sockets, assignment);
    try (ExecutorService cells = Executors.newFixedThreadPool(CELLS_AT_ONCE)) {
      for (Cell cell : assignment.cells()) {
        cells.execute(() -> send(out, run(cell, sockets, assignment)));
      }
    }
  }

  /** Loads the classes of all sides, so that the first cells do not measure that. */
  private static void warmUp(Sockets sockets, Assignment assignment) {
    List<Cell> warming =
        Cell.all(cell ->
            cell.way() == Way.SCOPE_CANCEL
                && cell.call() == Blocked.READ
                && (cell.wire() == Wire.PLAIN || assignment.certificate() != null));
    try (ExecutorService cells = Executors.newFixedThreadPool(warming.size())) {
      for (Cell each : warming) {
        // Their ids are their own, and what comes of them is shown by the cells that follow.
        cells.execute(() -> run(each.withId(-each.id()), sockets, assignment));
      }
    }
  }

  private static Report run(Cell cell, Sockets sockets, Assignment assignment) {
    try {
      return new CellRun(cell, sockets, assignment).run();
    } catch (Exception e) {
      return new Failure(cell, e.toString());
    }
  }

  private static void send(ObjectOutputStream out, Report report) {
    synchronized (out) {
      try {
        out.writeObject(report);
        out.flush();
      } catch (IOException e) {
        throw new IllegalStateException("the demo does not listen any more", e);
      }
    }
  }
}
