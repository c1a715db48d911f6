package dev.cleanbreak.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recordings as an agent would leave them. */
final class Sample {
  static final Instant START = Instant.parse("2026-11-24T16:00:00Z");

  /** What must come out of the page as text, never as a part of it. */
  static final String HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><!--";

  private static final Code TIMER =
      new Code(
          "com.acme.drv.PollTimer",
          "run",
          "PollTimer.java",
          42,
          "print-driver-1.4.jar",
          List.of("com.acme:print-driver:1.4"),
          Told.POM_PROPERTIES,
          "1.4");
  private static final Code CANCEL =
      new Code(
          "com.acme.orders.Quotes",
          "fastest",
          "Quotes.java",
          120,
          "orders-all.jar",
          List.of("com.acme:orders:2", "com.acme:quotes:3"),
          Told.POM_PROPERTIES,
          null);

  private Sample() {}

  static JvmRecord jvm(long pid, String main) {
    return new JvmRecord(
        START, pid, main, "17.0.15", "alpha", "0.1.0", List.of("a#b", "c#d"), List.of("e#f"));
  }

  /** 30 cuts by a timer, one each 2 s. */
  static List<CutRecord> timerCuts() {
    List<CutRecord> cuts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      cuts.add(cut(i, 2 * i, Verdict.TIMER, false, TIMER, "worker-" + i));
    }
    return cuts;
  }

  /** Cuts of every other sort. */
  static List<CutRecord> otherCuts() {
    return List.of(
        cut(1, 10, Verdict.FUTURE_CANCEL, false, CANCEL, "http-1"),
        cut(2, 20, Verdict.FUTURE_CANCEL, false, CANCEL, "http-2"),
        cut(3, 30, Verdict.TIMEOUT, false, null, "http-3"),
        cut(4, 40, Verdict.UNKNOWN, false, null, HOSTILE),
        cut(5, 59, Verdict.SHUTDOWN_HOOK, true, CANCEL, "http-4"));
  }

  private static CutRecord cut(
      long id, int second, Verdict verdict, boolean expected, @Nullable Code code, String thread) {
    ActKind kind = verdict == Verdict.FUTURE_CANCEL ? ActKind.INTERRUPT : ActKind.CLOSE;
    List<Act> chain =
        code == null
            ? List.of()
            : List.of(
                new Act(
                    kind,
                    new ThreadInfo("culprit-1", 31, false),
                    400_000,
                    List.of("java.base/java.net.Socket.close(Socket.java:1605)", code.frame()),
                    code,
                    null));
    return new CutRecord(
        id,
        START.plusSeconds(second),
        verdict,
        Certainty.CERTAIN,
        expected,
        List.of("evidence of " + verdict.id()),
        "the sentence of " + verdict.id(),
        new Victim(
            new ThreadInfo(thread, 40 + id, false),
            Operation.READ,
            "/127.0.0.1:5000",
            "printer/10.0.0.3:9100",
            "java.net.SocketException",
            "Socket closed",
            List.of(
                "java.base/sun.nio.ch.NioSocketImpl.endRead(NioSocketImpl.java:243)",
                "app//com.acme.print.Client.poll(Client.java:88)"),
            7_000_000_000L),
        chain);
  }
}
