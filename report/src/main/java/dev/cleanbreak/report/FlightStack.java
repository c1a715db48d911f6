package dev.cleanbreak.report;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/** Threads and stacks of Flight Recorder's events, as records have them. */
public final class FlightStack {
  /** As a stack trace prints it, with the module before it or without. */
  private static final Pattern FRAME =
      Pattern.compile("(?:[^/(]*/)*([^/(]+)\\.([^.(]+)\\(([^:)]*)(?::(\\d+))?\\)");

  private static final Pattern LIBRARY =
      Pattern.compile("(java|javax|jdk|sun|com\\.sun)\\..*|dev\\.cleanbreak\\.[A-Z].*");

  private FlightStack() {}

  /**
   * The thread of an event.
   *
   * @param event any
   * @return the thread; one without a name if the event has none
   */
  public static ThreadInfo thread(RecordedEvent event) {
    RecordedThread thread = event.getThread();
    if (thread == null) {
      return new ThreadInfo("", 0, false);
    }
    String name = thread.getJavaName();
    boolean virtual = thread.hasField("virtual") && thread.getBoolean("virtual"); // since 21
    return new ThreadInfo(name == null ? "" : name, thread.getJavaThreadId(), virtual);
  }

  /**
   * The stack of an event.
   *
   * @param event any
   * @return its frames, topmost first; none if the event has none
   */
  public static List<String> of(RecordedEvent event) {
    RecordedStackTrace trace = event.getStackTrace();
    return trace == null ? List.of() : trace.getFrames().stream().map(FlightStack::frame).toList();
  }

  /** Flight Recorder keeps no names of files; the outermost class has nearly always its own. */
  private static String frame(RecordedFrame frame) {
    RecordedMethod method = frame.getMethod();
    String type = method.getType().getName();
    String outermost = type.substring(type.lastIndexOf('.') + 1).replaceFirst("\\$.*", "");
    int line = frame.getLineNumber();
    return type + "." + method.getName() + "(" + outermost + ".java:" + Math.max(0, line) + ")";
  }

  /**
   * A method that an event names.
   *
   * @param event the event
   * @param field the field with the method
   * @return class and name, as in {@code java.lang.Thread::interrupt}
   */
  public static String method(RecordedEvent event, String field) {
    RecordedMethod method = event.getValue(field);
    return method == null ? "" : method.getType().getName() + "::" + method.getName();
  }

  /**
   * The frame that is no part of the JDK or of Cleanbreak's sockets and nearest to the top.
   *
   * @param stack frames, topmost first
   * @return its code, of which no jar is known; null if there is none
   */
  public static @Nullable Code code(List<String> stack) {
    for (String line : stack) {
      Matcher frame = FRAME.matcher(line);
      if (frame.matches() && !LIBRARY.matcher(frame.group(1)).matches()) {
        int number = frame.group(4) == null ? 0 : Integer.parseInt(frame.group(4));
        return new Code(
            frame.group(1),
            frame.group(2),
            frame.group(3),
            number,
            null,
            List.of(),
            Told.UNKNOWN,
            null);
      }
    }
    return null;
  }
}
