package dev.cleanbreak.agent;

import java.util.List;
import java.util.Set;

/** Puts probes into the bytes of a class. */
interface Weaver {
  /** The class that the probes call, in the form of class files. */
  String RECORDER = "dev/cleanbreak/agent/boot/Recorder";

  /**
   * The class with its probes.
   *
   * @param original the class as it is
   * @param probes those for this class
   * @param found gets those that have found their place
   */
  byte[] weave(byte[] original, List<Probe> probes, Set<Probe> found);

  /**
   * The one for this JVM: the JDK's own library where there is one, which knows every class file.
   */
  static Weaver here() throws ReflectiveOperationException {
    if (Runtime.version().feature() < 24) {
      return new AsmWeaver();
    }
    return Class.forName("dev.cleanbreak.agent.ClassFileWeaver")
        .asSubclass(Weaver.class)
        .getDeclaredConstructor()
        .newInstance();
  }
}
