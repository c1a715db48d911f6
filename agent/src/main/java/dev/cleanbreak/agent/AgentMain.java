package dev.cleanbreak.agent;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Where the JVM enters the agent: at its start, or when one attaches. Puts the boot part where the
 * JDK's classes see it, and the rest into a loader of its own. The program never sees an exception
 * of it: what cannot be done is one line on the error output.
 */
public final class AgentMain {
  private static final String BOOT_CLASS = "dev.cleanbreak.agent.boot.Recorder";
  private static final String AGENT_CLASS = "dev.cleanbreak.agent.Agent";

  /** The option that names a file for the words of a failure, for those who attach. */
  private static final String FAILURE = "failure=";

  private static final Object LOCK = new Object();

  /** What takes the agent out, null if there is none. Guarded by LOCK. */
  private static @Nullable AutoCloseable installed;

  private AgentMain() {}

  /**
   * At the start of the JVM.
   *
   * @param options see docs/agent/README.md
   * @param instrumentation the JVM's
   */
  public static void premain(@Nullable String options, Instrumentation instrumentation) {
    try {
      install(options == null ? "" : options, instrumentation);
    } catch (Exception | LinkageError e) {
      tell(e);
    }
  }

  /**
   * In a running JVM.
   *
   * @param options see docs/agent/README.md; {@code undo} takes the agent out; {@code failure=FILE}
   *     names a file for the words, should it fail
   * @param instrumentation the JVM's
   * @throws Exception which ends the attempt to attach
   */
  public static void agentmain(@Nullable String options, Instrumentation instrumentation)
      throws Exception {
    try {
      if (options != null && options.split(",", -1)[0].equals("undo")) {
        undo();
      } else {
        install(options == null ? "" : options, instrumentation);
      }
    } catch (Exception | LinkageError e) {
      tell(e);
      tellAttacher(options, e);
      throw e;
    }
  }

  private static void install(String options, Instrumentation instrumentation) throws Exception {
    synchronized (LOCK) {
      if (installed != null) {
        throw new IllegalStateException("the agent is in this JVM already: option \"undo\" first");
      }
      File jar = ownJar();
      if (!isBootClass()) {
        try (JarFile boot = new JarFile(jar)) {
          instrumentation.appendToBootstrapClassLoaderSearch(boot);
        }
      }
      AgentLoader loader = new AgentLoader(jar);
      try {
        AutoCloseable agent =
            (AutoCloseable)
                loader
                    .loadClass(AGENT_CLASS)
                    .getMethod("install", String.class, Instrumentation.class)
                    .invoke(null, options, instrumentation);
        installed =
            () -> {
              agent.close();
              loader.close();
            };
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        loader.close();
        throw e;
      }
    }
  }

  private static void undo() throws Exception {
    synchronized (LOCK) {
      if (installed == null) {
        throw new IllegalStateException("no agent is in this JVM");
      }
      installed.close();
      installed = null;
    }
  }

  private static boolean isBootClass() {
    try {
      Class.forName(BOOT_CLASS, false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Found by way of this class's own bytes: that works in the boot loader, too. */
  private static File ownJar() throws IOException {
    String name = AgentMain.class.getName().replace('.', '/') + ".class";
    URL url = ClassLoader.getSystemResource(name);
    if (url == null || !"jar".equals(url.getProtocol())) {
      throw new IOException("the agent's jar is not where its classes come from: " + url);
    }
    String file = url.getPath();
    return new File(URI.create(file.substring(0, file.indexOf("!/"))));
  }

  /** Whoever attaches hears only that it failed, unless it names a file for the words. */
  private static void tellAttacher(@Nullable String options, Throwable failure) {
    for (String option : options == null ? new String[0] : options.split(",", -1)) {
      if (option.startsWith(FAILURE)) {
        try {
          Files.writeString(Path.of(option.substring(FAILURE.length())), words(failure));
        } catch (IOException | InvalidPathException e) {
          // Then it hears only that it failed.
        }
      }
    }
  }

  private static void tell(Throwable failure) {
    System.err.println(
        "cleanbreak: no agent: " + words(failure) + "; the program runs on without it");
  }

  /** The first cause that has words, since reflection wraps. */
  private static String words(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause instanceof InvocationTargetException) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
