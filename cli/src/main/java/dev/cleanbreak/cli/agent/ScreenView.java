package dev.cleanbreak.cli.agent;

import dev.cleanbreak.report.CutRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;

/** The whole screen of a terminal, drawn anew once a second; the key q leaves. */
final class ScreenView implements View {
  private static final long DRAW_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_NEWEST = 200;
  private static final int ROWS = 6; // of each count
  private static final int COUNTS = 16; // columns of the two numbers of a row

  private static final String BOLD = "\u001b[1m";
  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  /** A cut, and when this process saw it. */
  private record Seen(CutRecord cut, long nanos) {}

  private final long pid;
  private final long began = System.nanoTime();
  private final Terminal terminal;
  private final Attributes attributes;
  private final Map<String, Integer> verdicts = new HashMap<>();
  private final Map<String, Integer> culprits = new HashMap<>();
  private final Deque<Seen> lastMinute = new ArrayDeque<>(); // oldest first
  private final Deque<CutRecord> newest = new ArrayDeque<>(); // newest first
  private long drawn;
  private boolean left;

  ScreenView(long pid) throws IOException {
    this.pid = pid;
    this.terminal = TerminalBuilder.builder().system(true).build();
    this.attributes = terminal.enterRawMode();
    // Ctrl-C stays a signal.
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(Attributes.LocalFlag.ISIG, true);
    terminal.setAttributes(raw);
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
  }

  @Override
  public void cut(Recorded.Line line) {
    CutRecord cut = line.cut();
    newest.addFirst(cut);
    if (newest.size() > MOST_NEWEST) {
      newest.removeLast();
    }
    verdicts.merge(verdict(cut), 1, Integer::sum);
    culprits.merge(Tally.who(cut), 1, Integer::sum);
    lastMinute.addLast(new Seen(cut, System.nanoTime()));
  }

  private static String verdict(CutRecord cut) {
    return cut.verdict().text() + (cut.expected() ? " (orderly)" : "");
  }

  @Override
  public void show(Tally tally) {
    long now = System.nanoTime();
    if (drawn != 0 && now - drawn < DRAW_NANOS) {
      return;
    }
    drawn = now;
    while (!lastMinute.isEmpty() && now - lastMinute.getFirst().nanos > MINUTE_NANOS) {
      lastMinute.removeFirst();
    }
    Size size = terminal.getSize();
    int rows = size.getRows() > 0 ? size.getRows() : 24;
    int columns = size.getColumns() > 0 ? size.getColumns() : 80;
    StringBuilder screen = new StringBuilder();
    List<String> lines = lines(tally, rows, columns);
    for (int i = 0; i < rows; i++) {
      screen.append(i == 0 ? "\u001b[H" : "\r\n");
      screen.append(i < lines.size() ? lines.get(i) : "").append(PLAIN).append("\u001b[K");
    }
    terminal.writer().print(screen);
    terminal.flush();
  }

  private List<String> lines(Tally tally, int rows, int width) {
    List<String> lines = new ArrayList<>();
    Duration time = Duration.ofNanos(System.nanoTime() - began);
    String watched =
        "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    lines.add(BOLD + cutTo(width, "process %d, watched for %s".formatted(pid, watched)));
    lines.add(cutTo(width, tally.headline() + "; q leaves and takes the agent out"));
    lines.add("");
    lines.addAll(table("verdict", verdicts, ScreenView::verdict, width));
    lines.add("");
    lines.addAll(table("who", culprits, Tally::who, width));
    lines.add("");
    lines.add(BOLD + "newest first");
    for (CutRecord cut : newest) {
      if (lines.size() + 2 > rows) {
        break;
      }
      lines.add(cutTo(width, CutLine.head(cut) + ": " + CutLine.call(cut.victim())));
      lines.add(FAINT + cutTo(width, "  " + CutLine.oneLine(cut.sentence())));
    }
    return lines;
  }

  private List<String> table(
      String title, Map<String, Integer> all, Function<CutRecord, String> key, int width) {
    Map<String, Integer> minute = new HashMap<>();
    lastMinute.forEach(seen -> minute.merge(key.apply(seen.cut), 1, Integer::sum));
    List<String> lines = new ArrayList<>();
    lines.add(BOLD + "%6s %6s  %s".formatted("/min", "all", title));
    all.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(ROWS)
        .forEach(row ->
            lines.add(
                "%6d %6d  %s"
                    .formatted(
                        minute.getOrDefault(row.getKey(), 0),
                        row.getValue(),
                        cutTo(width - COUNTS, row.getKey()))));
    return lines;
  }

  private static String cutTo(int width, String text) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }

  @Override
  public boolean isLeft() {
    try {
      int key = terminal.reader().read(1);
      left |= key == 'q' || key == 'Q';
    } catch (IOException e) {
      left = true; // the terminal is gone
    }
    return left;
  }

  @Override
  public void close() {
    terminal.puts(Capability.cursor_visible);
    terminal.puts(Capability.exit_ca_mode);
    terminal.setAttributes(attributes);
    terminal.flush();
    try {
      terminal.close();
    } catch (IOException e) {
      // It is gone; so is what there was to put back.
    }
  }
}
