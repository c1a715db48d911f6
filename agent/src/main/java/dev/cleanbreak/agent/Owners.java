package dev.cleanbreak.agent;

import dev.cleanbreak.report.Code;
import java.lang.instrument.Instrumentation;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose code a frame is. A frame has the name of a class alone, so the class is looked for among
 * those loaded; where several loaders have one of that name, all their jars are candidates.
 */
final class Owners {
  private static final int MOST_KNOWN = 4096;

  private final Instrumentation instrumentation;
  private final Map<String, JarIdentity> byClass = new ConcurrentHashMap<>();
  private final Map<String, JarIdentity> byLocation = new ConcurrentHashMap<>();

  Owners(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  Code codeOf(StackTraceElement frame) {
    JarIdentity jar = jarOf(frame.getClassName());
    return new Code(
        frame.getClassName(),
        frame.getMethodName(),
        frame.getFileName(),
        Math.max(0, frame.getLineNumber()),
        jar.name(),
        jar.coordinates(),
        jar.told(),
        jar.version());
  }

  private JarIdentity jarOf(String className) {
    JarIdentity known = byClass.get(className);
    if (known == null) {
      known = JarIdentity.oneOf(jarsOf(className));
      if (byClass.size() < MOST_KNOWN) {
        byClass.put(className, known);
      }
    }
    return known;
  }

  private List<JarIdentity> jarsOf(String className) {
    List<JarIdentity> jars = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (type.getName().equals(className)) {
        JarIdentity jar = jarOf(type);
        if (!jars.contains(jar)) {
          jars.add(jar);
        }
      }
    }
    return jars;
  }

  private JarIdentity jarOf(Class<?> type) {
    Module module = type.getModule();
    if (module.isNamed() && module.getLayer() == ModuleLayer.boot()) {
      String location = locationOf(type);
      if (location == null || location.startsWith("jrt:")) {
        return JarIdentity.ofModule(module.getDescriptor());
      }
    }
    String location = locationOf(type);
    if (location == null) {
      return JarIdentity.NONE;
    }
    return byLocation.computeIfAbsent(location, JarIdentity::ofLocation);
  }

  private static @Nullable String locationOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null || source.getLocation() == null ? null : source.getLocation().toString();
  }
}
