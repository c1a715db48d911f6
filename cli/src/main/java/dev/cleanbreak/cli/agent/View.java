package dev.cleanbreak.cli.agent;

/** Shows cuts as they come. Not thread-safe. */
sealed interface View extends AutoCloseable permits LineView, ScreenView {
  /** A cut that has come. */
  void cut(Recorded.Line line);

  /** Called a few times a second, after what has come. */
  void show(Tally tally);

  /** Whether the one who looks has asked to leave. */
  boolean isLeft();

  @Override
  void close();
}
