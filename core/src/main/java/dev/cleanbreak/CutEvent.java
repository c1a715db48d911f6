package dev.cleanbreak;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketAddress;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * A cut as Flight Recorder keeps it; its thread and stack trace are those of the call that was cut.
 * Touched only where the image has Flight Recorder.
 */
@Name("dev.cleanbreak.Cut")
@Label("Cut")
@Category("Cleanbreak")
@Description("A blocking call was ended by something other than its own work")
@Enabled
@StackTrace
final class CutEvent extends Event {
  @Label("Kind")
  @Description("What ended the call")
  @Nullable String kind;

  @Label("Reason")
  @Description("The words of whoever cut")
  @Nullable String reason;

  @Label("Scope")
  @Description("The name of the scope that was cut")
  @Nullable String scope;

  @Label("Operation")
  @Description("The operation that was ended")
  @Nullable String operation;

  @Label("Waited")
  @Description("How long the call had waited; zero if it was cut at entry")
  @Timespan(Timespan.NANOSECONDS)
  long waited;

  @Label("Cut At")
  @Description("When the cut was made, which may be long before the call met it")
  @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
  long cutAt;

  @Label("Cut By")
  @Description("The name of the thread that cut; absent if no thread did or none was seen")
  @Nullable String byThread;

  @Label("Cut By Thread Id")
  @Description("The Java id of the thread that cut; 0 if no thread did or none was seen")
  long byThreadId;

  @Label("Cut From")
  @Description("The stack of the thread that cut")
  @Nullable String byStack;

  @Label("Local Address")
  @Nullable String local;

  @Label("Remote Address")
  @Nullable String remote;

  /** The stack of the cutter is written out only if somebody records. */
  static void record(Cut cut) {
    CutEvent event = new CutEvent();
    if (event.shouldCommit()) {
      event.fill(cut);
      event.commit();
    }
  }

  private void fill(Cut cut) {
    kind = cut.kind().name();
    reason = cut.reason();
    scope = cut.scope();
    operation = cut.call().name();
    waited = cut.waited().toNanos();
    cutAt = cut.time().toEpochMilli();
    CutOrigin by = cut.origin();
    if (by != null) {
      byThread = by.threadName();
      byThreadId = by.threadId();
      byStack = stackOf(by);
    }
    local = text(cut.local());
    remote = text(cut.remote());
  }

  private static String stackOf(CutOrigin by) {
    StringWriter text = new StringWriter();
    by.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static @Nullable String text(@Nullable SocketAddress address) {
    return address == null ? null : address.toString();
  }
}
