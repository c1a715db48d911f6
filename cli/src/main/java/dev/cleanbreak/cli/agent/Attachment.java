package dev.cleanbreak.cli.agent;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * A running JVM that this one may give an agent to. Nothing is sent to a process before it is known
 * to be a JVM: attaching begins with the signal SIGQUIT, which would end, or shut down, any other.
 */
final class Attachment implements AutoCloseable {
  /** The oldest Java that the agent knows. */
  private static final int OLDEST = 17;

  private final long pid;
  private final VirtualMachine jvm;
  private final int java;

  private Attachment(long pid, VirtualMachine jvm, int java) {
    this.pid = pid;
    this.jvm = jvm;
    this.java = java;
  }

  /**
   * Attaches to a process.
   *
   * @throws Refused if there is no such process, it is another user's, it is no JVM that the agent
   *     knows, or it does not let anybody attach
   */
  static Attachment to(long pid) throws Refused {
    demandOwnJvm(pid);
    VirtualMachine jvm;
    try {
      jvm = VirtualMachine.attach(Long.toString(pid));
    } catch (AttachNotSupportedException e) {
      throw new Refused(
          "process %d does not let anybody attach (%s): is it started with -XX:+DisableAttachMechanism? Start it without, or under 'cleanbreak run'"
              .formatted(pid, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new Refused(
          "process %d cannot be attached to: %s; is it ending, or suspended?"
              .formatted(pid, e.getMessage()),
          e);
    }
    try {
      return checked(pid, jvm);
    } catch (IOException e) {
      detach(jvm);
      throw gone(pid, e);
    } catch (Refused e) {
      detach(jvm);
      throw e;
    }
  }

  /** Refuses a process that nothing may be sent to: no such one, another user's, no JVM. */
  static void demandOwnJvm(long pid) throws Refused {
    ProcessHandle process =
        ProcessHandle.of(pid)
            .orElseThrow(() ->
                new Refused(
                    "there is no process %d; 'cleanbreak watch' lists the JVMs that run"
                        .formatted(pid)));
    String self = ProcessHandle.current().info().user().orElse("");
    String owner = process.info().user().orElse(self);
    if (!owner.equals(self) && !self.equals("root")) {
      throw new Refused(
          "process %d belongs to %s, and a JVM lets only its own user attach; run this as %s (sudo -u %s …)"
              .formatted(pid, owner, owner, owner));
    }
    if (pid == ProcessHandle.current().pid()) {
      throw new Refused("process %d is this command itself; choose another".formatted(pid));
    }
    if (!isHotSpot(pid)) {
      throw new Refused(
          "process %d is no HotSpot JVM that could be found (%s); 'cleanbreak watch' lists those that run"
              .formatted(pid, process.info().command().orElse("its command is not known")));
    }
  }

  /** A JVM without performance data is in no list; its library shows where the system tells. */
  private static boolean isHotSpot(long pid) {
    if (VirtualMachine.list().stream().anyMatch(each -> each.id().equals(Long.toString(pid)))) {
      return true;
    }
    try {
      return Files.readString(Path.of("/proc/" + pid + "/maps")).contains("/libjvm.so");
    } catch (IOException e) {
      return false;
    }
  }

  private static Attachment checked(long pid, VirtualMachine jvm) throws IOException, Refused {
    Properties properties = jvm.getSystemProperties();
    String name = properties.getProperty("java.vm.name", "");
    String version = properties.getProperty("java.specification.version", "0");
    if (name.contains("OpenJ9")) {
      throw new Refused(
          "process %d runs on %s, and the agent knows HotSpot only; run the program on an OpenJDK"
              .formatted(pid, name));
    }
    int java = version.startsWith("1.") ? 8 : Integer.parseInt(version);
    if (java < OLDEST) {
      throw new Refused(
          "process %d runs on Java %s, and the agent needs Java %d or later; run the program on a newer one"
              .formatted(pid, version, OLDEST));
    }
    return new Attachment(pid, jvm, java);
  }

  /** The feature release that the process runs on: 17, 21, 25. */
  int java() {
    return java;
  }

  /**
   * Loads the agent, or speaks to it if it is there.
   *
   * @param failure where the agent says why it fails, if it does
   * @throws Refused if the process takes no agents, or the agent failed
   */
  void load(Path agent, String options, Path failure) throws Refused {
    try {
      jvm.loadAgent(agent.toString(), options);
    } catch (AgentLoadException e) {
      throw new Refused(
          "process %d takes no agents (%s); start it with -XX:+EnableDynamicAgentLoading or under 'cleanbreak run'%s"
              .formatted(
                  pid,
                  String.valueOf(e.getMessage()).strip().replaceFirst("\\.$", ""),
                  java >= 25 ? ", or watch it with --agentless" : ""),
          e);
    } catch (AgentInitializationException e) {
      throw new Refused(failed(failure), e);
    } catch (IOException e) {
      throw gone(pid, e);
    }
  }

  private String failed(Path failure) {
    try {
      String words = Files.readString(failure);
      if (words.contains("in this JVM already")) {
        return "the agent is in process %d already: another watch, or a start under the agent; 'cleanbreak watch --undo %d' takes it out"
            .formatted(pid, pid);
      }
      if (words.contains("no agent is in this JVM")) {
        return "there is no agent in process %d; nothing is to be taken out".formatted(pid);
      }
      return "the agent did not start in process %d: %s; the program runs on without it"
          .formatted(pid, words);
    } catch (IOException e) {
      return "the agent did not start in process %d; the process's standard error says why"
          .formatted(pid);
    }
  }

  private static Refused gone(long pid, IOException e) {
    return new Refused(
        "process %d no longer answers: %s; did it end?".formatted(pid, e.getMessage()), e);
  }

  @Override
  public void close() {
    detach(jvm);
  }

  private static void detach(VirtualMachine jvm) {
    try {
      jvm.detach();
    } catch (IOException e) {
      // It has ended: nothing holds on to it any more.
    }
  }
}
