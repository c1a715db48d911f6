package dev.cleanbreak.races.oracle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One run over the list, or over a sample of it. */
public final class OracleRun {
  private static final long HANGS_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Up to so many cells are not worth a sample. */
  private static final int SMALL = 100;

  private final Selection selection;
  private final Results results = new Results();
  private final Consumer<String> progress;
  private volatile boolean hangs;

  /**
   * What to run.
   *
   * @param layers the ids of the layers; empty for all
   * @param kinds the kinds of threads; empty for both
   * @param cell the only cell; empty for all
   * @param every one cell of this many
   * @param seed which of them, and what the messages are
   * @param workers how many victims at once
   * @param breakage the id of a defect that the transport shall have, {@code none} for none
   * @param stopAfter how many broken cells are enough
   */
  public record Selection(
      Set<String> layers,
      Set<String> kinds,
      String cell,
      int every,
      long seed,
      int workers,
      String breakage,
      int stopAfter) {}

  /** A run that tells its progress in lines of text. */
  public OracleRun(Selection selection, Consumer<String> progress) {
    this.selection = selection;
    this.progress = progress;
  }

  /** Runs; returns what became of it. */
  public Summary run() throws IOException {
    Breakage breakage = Breakage.of(selection.breakage());
    requireKnown(
        "kind", selection.kinds(), Stream.of(ThreadKind.values()).map(ThreadKind::id).toList());
    try (Stand stand = new Stand(breakage)) {
      List<Layer> layers = Layers.all(stand);
      requireKnown("layer", selection.layers(), layers.stream().map(Layer::id).toList());
      for (CellList.Group group : new CellList(layers).groups(this::isWanted)) {
        List<Cell> sample = sample(group);
        if (!sample.isEmpty() && !enough()) {
          long began = System.nanoTime();
          run(stand, group, sample);
          progress.accept(
              "%-46s %8d cells %6d ms%s"
                  .formatted(
                      group.id(),
                      sample.size(),
                      TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
                      results.broken() == 0 ? "" : "  broken so far: " + results.broken()));
        }
      }
    }
    Summary summary = Summary.of(results, selection);
    if (summary.run() == 0) {
      // Or a name that was mistyped would look as if it held.
      throw new IllegalArgumentException(nothingRun(summary));
    }
    return summary;
  }

  private String nothingRun(Summary summary) {
    return selection.cell().isEmpty()
        ? "no cell was run: of "
            + summary.listed()
            + " listed "
            + summary.skipped()
            + " are skipped and the others are not in the sample; give a smaller N"
        : "no cell "
            + selection.cell()
            + " that is run; give the name of one as a report has it, such as"
            + " out/default/platform/cancel/asleep/8192@5";
  }

  private static void requireKnown(String what, Set<String> asked, List<String> known) {
    for (String each : asked) {
      if (!known.contains(each)) {
        throw new IllegalArgumentException("no " + what + " " + each + "; there are " + known);
      }
    }
  }

  private boolean isWanted(CellList.Group group) {
    return (selection.layers().isEmpty() || selection.layers().contains(group.layer().id()))
        && (selection.kinds().isEmpty() || selection.kinds().contains(group.thread().id()))
        && selection.cell().startsWith(selection.cell().isEmpty() ? "" : group.id() + "/");
  }

  private boolean enough() {
    return hangs || results.broken() >= selection.stopAfter();
  }

  /** Counts the group's cells and draws those that are run: of a small group all. */
  private List<Cell> sample(CellList.Group group) {
    List<Cell> all = new ArrayList<>();
    CellList.forEach(
        group,
        cell -> {
          results.list(cell);
          if (cell.skipped() == null) {
            all.add(cell);
          }
        });
    return all.size() <= SMALL && selection.cell().isEmpty()
        ? all
        : all.stream().filter(this::isDrawn).toList();
  }

  private boolean isDrawn(Cell cell) {
    if (!selection.cell().isEmpty()) {
      return cell.id().equals(selection.cell());
    }
    long mixed = (cell.hashOfId() ^ selection.seed()) * 0x9E3779B97F4A7C15L;
    return Long.remainderUnsigned(mixed ^ (mixed >>> 32), selection.every()) == 0;
  }

  private void run(Stand stand, CellList.Group group, List<Cell> sample) {
    AtomicInteger next = new AtomicInteger();
    List<Worker> workers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(selection.workers(), sample.size()); i++) {
      Worker worker =
          new Worker(
              stand,
              selection.seed(),
              () -> {
                int index = next.getAndIncrement();
                return index < sample.size() ? sample.get(index) : null;
              },
              results,
              this::enough);
      workers.add(worker);
      threads.add(group.thread().start("oracle-victim-" + i, worker));
    }
    for (int i = 0; i < threads.size(); i++) {
      awaitEnd(threads.get(i), workers.get(i));
    }
  }

  private void awaitEnd(Thread thread, Worker worker) {
    try {
      while (!hangs && !thread.join(Duration.ofSeconds(1))) {
        Cell stuck = worker.stuck(HANGS_NANOS);
        if (stuck != null) {
          String where =
              Stream.of(thread.getStackTrace())
                  .map(StackTraceElement::toString)
                  .collect(Collectors.joining("\n      at "));
          results.broke(stuck, new Broken("the call hangs\n      at " + where));
          hangs = true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      hangs = true;
    }
  }
}
