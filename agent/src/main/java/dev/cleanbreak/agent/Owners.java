package dev.cleanbreak.agent;

import dev.cleanbreak.report.Code;
import java.io.IOException;
import java.io.InputStream;
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

  /** The frame that closed something by leaving its try-with-resources block; null if none did. */
  @Nullable StackTraceElement leavesTryBlock(Frames stack) {
    List<StackTraceElement> frames = stack.all();
    for (int i = 1; i < frames.size(); i++) {
      StackTraceElement frame = frames.get(i);
      if (frames.get(i - 1).getMethodName().equals("close") && !Frames.isJdk(frame)) {
        for (Class<?> type : classes(frame.getClassName())) {
          byte[] bytes = bytesOf(type);
          if (bytes != null
              && TryBlocks.leavesOne(bytes, frame.getMethodName(), frame.getLineNumber())) {
            return frame;
          }
        }
      }
    }
    return null;
  }

  private static byte @Nullable [] bytesOf(Class<?> type) {
    String name = type.getName();
    try (InputStream in =
        type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      return null;
    }
  }

  private List<Class<?>> classes(String name) {
    List<Class<?>> named = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (type.getName().equals(name)) {
        named.add(type);
      }
    }
    return named;
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
    for (Class<?> type : classes(className)) {
      JarIdentity jar = jarOf(type);
      if (!jars.contains(jar)) {
        jars.add(jar);
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
