package dev.cleanbreak.agent;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;

/**
 * The program of the matrix: waits for a line, goes every way once with a platform thread and once
 * with a virtual one, and says of each what became of it. Then waits for a line again and goes one
 * way, so that one may see what it is like without the agent.
 */
final class WaysMain {
  /** For calls that nothing ends. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private WaysMain() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    System.out.println("ready");
    in.readLine();
    boolean virtualThreads = Runtime.version().feature() >= 21;
    int number = 0;
    for (Ways.Way way : Ways.all()) {
      go(way, number, false);
      if (virtualThreads) {
        go(way, number, true);
      }
      number++;
    }
    System.out.println("done");
    in.readLine();
    switchRecorderOn();
    go(Ways.all().get(0), number, false);
    System.out.println("done");
    in.readLine();
  }

  /** So that a probe that was left in a class of the JDK would be seen. */
  private static void switchRecorderOn() throws ReflectiveOperationException {
    Class<?> recorder = Class.forName("dev.cleanbreak.agent.boot.Recorder", false, null);
    Class<?> teller = Class.forName("dev.cleanbreak.agent.boot.Teller", false, null);
    recorder.getMethod("start", teller).invoke(null, new Object[] {null});
  }

  /** Prints the number of the way, the kind of thread, how it ended, and who is named for it. */
  private static void go(Ways.Way way, int number, boolean virtual) {
    String name = number + (virtual ? " virtual" : " platform");
    Stage stage = new Stage(name, virtual);
    String end;
    try {
      way.body().run(stage);
      boolean ended = stage.ends(PATIENCE_NANOS) || endsAfterAll(stage);
      Throwable thrown = stage.thrown();
      end = !ended ? "blocked" : thrown == null ? "returned" : "threw " + thrown;
      if (thrown != null) {
        end += "\t" + culprit(thrown);
      }
    } catch (Exception e) {
      end = "failed " + e + " " + e.getCause();
    }
    System.out.println(name + "\t" + end.replace('\n', ' '));
  }

  /** A busy machine may need longer, but only where the call is to end. */
  private static boolean endsAfterAll(Stage stage) throws InterruptedException {
    boolean interrupted = !stage.victim().isAlive() || stage.victim().isInterrupted();
    return !interrupted && stage.ends(Stage.LIMIT_NANOS);
  }

  /** The message of the culprit, of the exception or of a cause of it; empty if there is none. */
  private static String culprit(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      for (Throwable suppressed : cause.getSuppressed()) {
        if (suppressed.getClass().getName().endsWith(".Culprit")) {
          return suppressed.getMessage();
        }
      }
    }
    return "";
  }
}
