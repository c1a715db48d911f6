package dev.cleanbreak.cli.agent;

import java.io.PrintWriter;
import java.util.function.Function;

/** A line for each cut. */
final class LineView implements View {
  private final PrintWriter out;
  private final Function<Recorded.Line, String> words;

  LineView(PrintWriter out, Function<Recorded.Line, String> words) {
    this.out = out;
    this.words = words;
  }

  @Override
  public void cut(Recorded.Line line) {
    out.println(words.apply(line));
  }

  @Override
  public void show(Tally tally) {
    out.flush();
  }

  /** Also when nobody reads any more, as behind {@code head}. */
  @Override
  public boolean isLeft() {
    return out.checkError();
  }

  @Override
  public void close() {
    out.flush();
  }
}
