package dev.cleanbreak.cli.agent;

import dev.cleanbreak.report.Act;
import dev.cleanbreak.report.ActKind;
import dev.cleanbreak.report.Certainty;
import dev.cleanbreak.report.Code;
import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.Entry;
import dev.cleanbreak.report.FlightStack;
import dev.cleanbreak.report.JsonLinesWriter;
import dev.cleanbreak.report.JvmRecord;
import dev.cleanbreak.report.Operation;
import dev.cleanbreak.report.ThreadInfo;
import dev.cleanbreak.report.Verdict;
import dev.cleanbreak.report.Victim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Watches without an agent: Flight Recorder traces who calls {@code Thread.interrupt} and {@code
 * close} (JEP 520) and which exceptions of cut calls are made. It keeps no arguments: which thread
 * or socket was hit it does not know. So an exception is matched with what other threads did in the
 * moment before, and the record says {@code possible}, and who else it may have been.
 */
final class MethodTrace implements AutoCloseable {
  private static final int OLDEST = 25;
  private static final String NAME = "cleanbreak-watch";
  private static final Duration MOMENT = Duration.ofMillis(500);
  private static final int MOST_DEEDS = 1000;
  private static final int MOST_NAMED = 5;

  private static final Map<String, ActKind> METHODS =
      Map.of(
          "java.lang.Thread::interrupt", ActKind.INTERRUPT,
          "java.lang.VirtualThread::interrupt", ActKind.INTERRUPT,
          "sun.nio.ch.NioSocketImpl::close", ActKind.CLOSE,
          "java.nio.channels.spi.AbstractInterruptibleChannel::close", ActKind.CLOSE);

  private static final List<String> OF_CUTS =
      List.of(
          "java.nio.channels.ClosedByInterruptException",
          "java.nio.channels.AsynchronousCloseException",
          "java.lang.InterruptedException");

  private static final Pattern REPOSITORY = Pattern.compile("(?m)^Repository path: (.+)$");

  private record Deed(ActKind kind, Instant time, ThreadInfo thread, List<String> stack) {}

  private final long pid;
  private final EventStream events;
  private final Writer out;
  private final Deque<Deed> deeds = new ArrayDeque<>(); // newest first; of the stream's thread
  private long cuts; // of the stream's thread
  private boolean closed; // guarded by this, as is the writing

  private MethodTrace(long pid, EventStream events, Writer out) {
    this.pid = pid;
    this.events = events;
    this.out = out;
  }

  /**
   * Begins to trace.
   *
   * @param recording gets the lines, as an agent would write them
   * @throws Refused if the process is too old for that, or lets nobody attach
   */
  static MethodTrace start(long pid, Path recording) throws Refused {
    try (Attachment attachment = Attachment.to(pid)) {
      if (attachment.java() < OLDEST) {
        throw new Refused(
            "process %d runs on Java %d, and --agentless needs %d or later; watch it without"
                .formatted(pid, attachment.java(), OLDEST));
      }
    }
    try {
      Path settings = recording.resolveSibling("cleanbreak.jfc");
      Files.writeString(settings, settings());
      Jcmd jcmd = new Jcmd(pid);
      jcmd.run("JFR.start", "name=" + NAME, "settings=" + settings);
      Matcher path = REPOSITORY.matcher(jcmd.run("JFR.configure"));
      if (!path.find()) {
        throw new Refused("process %d does not say where it records; is it ending?".formatted(pid));
      }
      EventStream events = EventStream.openRepository(Path.of(path.group(1)));
      MethodTrace trace =
          new MethodTrace(pid, events, Files.newBufferedWriter(recording, StandardCharsets.UTF_8));
      trace.listen();
      return trace;
    } catch (IOException e) {
      throw new Refused(
          "Flight Recorder cannot be used in process %d: %s".formatted(pid, e.getMessage()), e);
    }
  }

  private static String settings() {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <configuration version="2.0">
      <event name="jdk.MethodTrace">
        <setting name="enabled">true</setting>
        <setting name="filter">%s</setting>
        <setting name="threshold">0 ms</setting>
        <setting name="stackTrace">true</setting>
      </event>
      <event name="jdk.JavaExceptionThrow">
        <setting name="enabled">true</setting>
        <setting name="stackTrace">true</setting>
      </event>
    </configuration>
    """
        .formatted(String.join(";", METHODS.keySet()));
  }

  private void listen() {
    write(
        new JvmRecord(
            Instant.now(),
            pid,
            RunningJvm.all().stream()
                .filter(jvm -> jvm.pid() == pid)
                .map(RunningJvm::main)
                .findFirst()
                .orElse(""),
            "",
            "",
            "none: Flight Recorder's method tracing",
            List.copyOf(METHODS.keySet()),
            List.of()));
    events.setStartTime(Instant.now());
    events.setOrdered(true);
    events.onEvent("jdk.MethodTrace", this::deed);
    events.onEvent("jdk.JavaExceptionThrow", this::thrown);
    events.startAsync();
  }

  private void deed(RecordedEvent event) {
    List<String> stack = FlightStack.of(event);
    ActKind kind = METHODS.getOrDefault(FlightStack.method(event, "method"), ActKind.CLOSE);
    deeds.addFirst(new Deed(kind, event.getStartTime(), FlightStack.thread(event), stack));
    if (deeds.size() > MOST_DEEDS) {
      deeds.removeLast();
    }
  }

  private void thrown(RecordedEvent event) {
    RecordedClass type = event.getClass("thrownClass");
    String name = type == null ? "" : type.getName();
    String message = event.getString("message");
    boolean closed =
        name.equals("java.net.SocketException")
            && message != null
            && message.toLowerCase(Locale.ROOT).matches("socket closed|closed by interrupt");
    if (closed || OF_CUTS.contains(name)) {
      write(cut(event, name, message));
    }
  }

  private CutRecord cut(RecordedEvent event, String exception, @Nullable String message) {
    Instant time = event.getStartTime();
    ThreadInfo thread = FlightStack.thread(event);
    List<Deed> near =
        deeds.stream()
            .filter(deed -> deed.thread.id() != thread.id())
            .filter(deed -> !deed.time.isAfter(time) && deed.time.plus(MOMENT).isAfter(time))
            .limit(MOST_NAMED)
            .toList();
    List<String> stack = FlightStack.of(event);
    Victim victim =
        new Victim(thread, operation(exception), null, null, exception, message, stack, null);
    cuts++;
    if (near.isEmpty()) {
      return new CutRecord(
          cuts,
          time,
          Verdict.UNKNOWN,
          Certainty.POSSIBLE,
          false,
          List.of("No other thread closed or interrupted anything in the half second before."),
          "ended with " + exception + "; nobody was seen",
          victim,
          List.of());
    }
    Deed nearest = near.getFirst();
    long before = Duration.between(nearest.time, time).toNanos();
    Code code = FlightStack.code(nearest.stack);
    return new CutRecord(
        cuts,
        time,
        nearest.kind == ActKind.INTERRUPT ? Verdict.INTERRUPT : Verdict.CLOSE,
        Certainty.POSSIBLE,
        false,
        evidence(near),
        "possibly cut by thread \"%s\" (id %d) %.1f ms earlier: %s() at %s"
            .formatted(
                nearest.thread.name(),
                nearest.thread.id(),
                before / 1e6,
                nearest.kind.id(),
                code == null ? "code of the JDK" : code.frame()),
        victim,
        List.of(new Act(nearest.kind, nearest.thread, before, nearest.stack, code, null)));
  }

  private static List<String> evidence(List<Deed> near) {
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "Matched by time alone: Flight Recorder does not say which thread or socket was hit.");
    for (Deed other : near.subList(1, near.size())) {
      evidence.add(
          "It may also have been thread \"%s\": %s()."
              .formatted(other.thread.name(), other.kind.id()));
    }
    return evidence;
  }

  private static Operation operation(String exception) {
    return exception.equals("java.lang.InterruptedException") ? Operation.WAIT : Operation.CALL;
  }

  private synchronized void write(Entry entry) {
    if (closed) {
      return;
    }
    try {
      new JsonLinesWriter(out).write(entry);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the tracing in the process. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      out.close();
    }
    events.close();
    try {
      new Jcmd(pid).run("JFR.stop", "name=" + NAME);
    } catch (IOException e) {
      if (ProcessHandle.of(pid).isPresent()) {
        throw e;
      }
    }
  }
}
