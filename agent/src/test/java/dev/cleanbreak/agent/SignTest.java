package dev.cleanbreak.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.report.Verdict;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the stacks of those who cut tell, and which sign weighs more. */
class SignTest {
  @ParameterizedTest
  @CsvSource({
    "java.lang.ref.Finalizer.runFinalizer, LEAK",
    "jdk.internal.ref.CleanerImpl.run, LEAK",
    "java.util.concurrent.FutureTask.cancel, FUTURE_CANCEL",
    "java.util.concurrent.ThreadPoolExecutor.shutdownNow, EXECUTOR_SHUTDOWN_NOW",
    "java.util.concurrent.ThreadPerTaskExecutor.shutdownNow, EXECUTOR_SHUTDOWN_NOW",
    "java.util.concurrent.StructuredTaskScopeImpl.interruptAll, STRUCTURED_SCOPE",
    "java.awt.EventDispatchThread.run, UI_THREAD",
    "com.zaxxer.hikari.pool.PoolBase.quietlyCloseConnection, POOL_EVICTION",
    "okhttp3.internal.connection.RealConnectionPool.cleanup, POOL_EVICTION",
    "okio.AsyncTimeout$Watchdog.run, TIMEOUT",
    "java.util.TimerThread.mainLoop, TIMER",
  })
  void aFrameTells(String frame, Verdict verdict) {
    assertEquals(verdict, verdictOf("com.acme.A.a", frame, "java.lang.Thread.run"));
  }

  @Test
  void howItWasDoneWeighsMoreThanWhoWasAtIt() {
    assertEquals(
        Verdict.FUTURE_CANCEL,
        verdictOf(
            "java.util.concurrent.FutureTask.cancel",
            "com.acme.A.a",
            "java.util.TimerThread.mainLoop"));
  }

  @Test
  void aConnectionThatIsGivenBackIsNotEvicted() {
    assertEquals(null, verdictOf("com.zaxxer.hikari.pool.ProxyConnection.abort", "com.acme.A.a"));
  }

  private static Verdict verdictOf(String... methods) {
    List<StackTraceElement> frames =
        Arrays.stream(methods)
            .map(method -> {
              int dot = method.lastIndexOf('.');
              return new StackTraceElement(
                  method.substring(0, dot), method.substring(dot + 1), "A.java", 1);
            })
            .toList();
    Frames stack = new Frames(frames.toArray(new StackTraceElement[0]));
    return Sign.ALL.stream()
        .filter(sign -> sign.in(stack) != null)
        .map(Sign::verdict)
        .findFirst()
        .orElse(null);
  }
}
