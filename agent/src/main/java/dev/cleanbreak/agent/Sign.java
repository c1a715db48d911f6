package dev.cleanbreak.agent;

import dev.cleanbreak.report.Certainty;
import dev.cleanbreak.report.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame on the stack of who cut, and what it tells. The first sign that is found decides, so the
 * order says what weighs more.
 *
 * @param type the class, or the beginning of its name
 * @param method the method, null for any
 */
record Sign(String type, @Nullable String method, Verdict verdict, Certainty certainty) {

  /** Frames of the JDK are sure; those of libraries are read from their names. */
  static final List<Sign> ALL =
      List.of(
          sure("java.lang.ref.Finalizer", null, Verdict.LEAK),
          sure("java.lang.ref.Cleaner", null, Verdict.LEAK),
          sure("jdk.internal.ref.CleanerImpl", null, Verdict.LEAK),
          sure("java.lang.ApplicationShutdownHooks", null, Verdict.SHUTDOWN_HOOK),
          sure("java.util.concurrent.FutureTask", "cancel", Verdict.FUTURE_CANCEL),
          sure("java.util.concurrent.ForkJoinTask$", "cancel", Verdict.FUTURE_CANCEL),
          sure("sun.nio.ch.PendingFuture", "cancel", Verdict.FUTURE_CANCEL),
          sure(
              "java.util.concurrent.ThreadPoolExecutor",
              "shutdownNow",
              Verdict.EXECUTOR_SHUTDOWN_NOW),
          sure(
              "java.util.concurrent.ThreadPerTaskExecutor",
              "shutdownNow",
              Verdict.EXECUTOR_SHUTDOWN_NOW),
          sure("java.util.concurrent.ForkJoinPool", "shutdownNow", Verdict.EXECUTOR_SHUTDOWN_NOW),
          sure("java.util.concurrent.StructuredTaskScope", null, Verdict.STRUCTURED_SCOPE),
          sure("java.awt.EventDispatchThread", null, Verdict.UI_THREAD),
          sure("com.sun.javafx.application.PlatformImpl", null, Verdict.UI_THREAD),
          sure("org.eclipse.swt.widgets.Display", "readAndDispatch", Verdict.UI_THREAD),
          likely(
              "com.zaxxer.hikari.pool.PoolBase", "quietlyCloseConnection", Verdict.POOL_EVICTION),
          likely(
              "org.apache.commons.pool2.impl.GenericObjectPool", "destroy", Verdict.POOL_EVICTION),
          likely(
              "org.apache.commons.pool2.impl.GenericKeyedObjectPool",
              "destroy",
              Verdict.POOL_EVICTION),
          likely(
              "org.apache.tomcat.jdbc.pool.PooledConnection", "disconnect", Verdict.POOL_EVICTION),
          likely("com.mchange.v2.resourcepool.", null, Verdict.POOL_EVICTION),
          likely("org.apache.http.impl.conn.PoolingHttpClient", null, Verdict.POOL_EVICTION),
          likely("org.apache.http.pool.", null, Verdict.POOL_EVICTION),
          likely("org.apache.hc.core5.pool.", null, Verdict.POOL_EVICTION),
          likely(
              "org.apache.hc.client5.http.impl.IdleConnectionEvictor", null, Verdict.POOL_EVICTION),
          likely("okhttp3.internal.connection.RealConnectionPool", null, Verdict.POOL_EVICTION),
          likely("okhttp3.ConnectionPool", null, Verdict.POOL_EVICTION),
          sure("jdk.internal.net.http.ConnectionPool", null, Verdict.POOL_EVICTION),
          sure("sun.net.www.http.KeepAliveCache", null, Verdict.POOL_EVICTION),
          likely("okio.AsyncTimeout", null, Verdict.TIMEOUT),
          sure("jdk.internal.net.http.TimeoutEvent", null, Verdict.TIMEOUT),
          sure("jdk.internal.net.http.MultiExchange$TimedEvent", null, Verdict.TIMEOUT),
          sure("java.util.concurrent.CompletableFuture$Timeout", null, Verdict.TIMEOUT),
          sure("java.util.TimerThread", null, Verdict.TIMER),
          sure(
              "java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask",
              null,
              Verdict.TIMER),
          sure("java.util.concurrent.CompletableFuture$DelayedExecutor", null, Verdict.TIMER),
          sure("java.util.concurrent.DelayScheduler", null, Verdict.TIMER),
          sure("javax.swing.Timer", null, Verdict.TIMER),
          likely("io.netty.util.HashedWheelTimer", null, Verdict.TIMER),
          likely("org.quartz.simpl.", null, Verdict.TIMER));

  private static Sign sure(String type, @Nullable String method, Verdict verdict) {
    return new Sign(type, method, verdict, Certainty.CERTAIN);
  }

  private static Sign likely(String type, @Nullable String method, Verdict verdict) {
    return new Sign(type, method, verdict, Certainty.LIKELY);
  }

  /** The frame that is this sign, null if there is none. */
  @Nullable StackTraceElement in(Frames stack) {
    return method == null ? stack.inClass(type) : stack.inMethod(type, method);
  }
}
