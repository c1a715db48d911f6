package dev.cleanbreak.agent;

import dev.cleanbreak.agent.boot.Recorder;
import dev.cleanbreak.report.JvmRecord;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.time.Instant;

/** The agent at work in this JVM. Closing it leaves the JVM as it was. */
public final class Agent implements AutoCloseable {
  private static final String VERSION = "0.1.0";

  private final Weaving weaving;
  private final Recording recording;

  private Agent(Weaving weaving, Recording recording) {
    this.weaving = weaving;
    this.recording = recording;
  }

  /**
   * Puts the agent in. Called by {@link AgentMain}, once the boot part can be seen.
   *
   * @param text the options
   * @param instrumentation the JVM's
   * @return what takes it out again
   * @throws Exception if it cannot work here; then nothing of it is left
   */
  public static AutoCloseable install(String text, Instrumentation instrumentation)
      throws Exception {
    Options options = Options.parse(text);
    if (Recorder.isOn()) {
      throw new IllegalStateException("another Cleanbreak agent is in this JVM");
    }
    Telling telling = new Telling(new Owners(instrumentation));
    Recording recording = new Recording(options, telling);
    Weaving weaving = new Weaving(instrumentation, Weaver.here());
    Agent agent = new Agent(weaving, recording);
    try {
      weaving.weave();
      Recorder.start(telling);
      String failure = SelfTest.failure();
      if (failure != null) {
        throw new IllegalStateException("self-test: the culprit did not arrive with " + failure);
      }
      recording.start(agent.jvm());
      return agent;
    } catch (Exception | LinkageError e) {
      agent.close();
      throw e;
    }
  }

  private JvmRecord jvm() {
    return new JvmRecord(
        Instant.now(),
        ProcessHandle.current().pid(),
        main(),
        System.getProperty("java.version", ""),
        host(),
        VERSION,
        weaving.found(),
        weaving.missing());
  }

  /** The arguments may hold secrets: not they, only what runs. */
  private static String main() {
    String command = System.getProperty("sun.java.command", "");
    int end = command.indexOf(' ');
    return end < 0 ? command : command.substring(0, end);
  }

  /** Never asks a name server. */
  private static String host() {
    String name = System.getenv("HOSTNAME");
    if (name == null) {
      name = System.getenv("COMPUTERNAME");
    }
    return name == null ? "" : name;
  }

  @Override
  public void close() throws IOException, UnmodifiableClassException {
    try {
      recording.close();
    } finally {
      Recorder.stop();
      weaving.undo();
    }
  }
}
