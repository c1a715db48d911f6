package dev.cleanbreak.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The probes in the classes of this JVM: puts them in and takes them out again. */
final class Weaving implements ClassFileTransformer {
  private final Instrumentation instrumentation;
  private final Weaver weaver;
  private final Map<String, List<Probe>> probes = new LinkedHashMap<>();
  private final Set<Probe> found = ConcurrentHashMap.newKeySet();
  private final List<Class<?>> classes = new ArrayList<>();

  /** What went wrong in {@link #transform}, where exceptions are lost; null if nothing did. */
  private volatile @Nullable Throwable failure;

  Weaving(Instrumentation instrumentation, Weaver weaver) {
    this.instrumentation = instrumentation;
    this.weaver = weaver;
    for (Probe probe : Probes.ALL) {
      probes.computeIfAbsent(probe.type().replace('.', '/'), type -> new ArrayList<>()).add(probe);
    }
  }

  /** Puts all probes in, in one go. */
  void weave() throws UnmodifiableClassException {
    for (String type : probes.keySet()) {
      try {
        Class<?> found = Class.forName(type.replace('/', '.'), false, null);
        if (instrumentation.isModifiableClass(found)) {
          classes.add(found);
        }
      } catch (ClassNotFoundException e) {
        // Of another version of Java; missing() tells of those that should be there.
      }
    }
    instrumentation.addTransformer(this, true);
    retransform();
    Throwable cause = failure;
    if (cause != null) {
      throw new IllegalStateException("the JDK's classes do not take the probes: " + cause, cause);
    }
  }

  /** Takes all of them out. */
  void undo() throws UnmodifiableClassException {
    instrumentation.removeTransformer(this);
    retransform();
  }

  private void retransform() throws UnmodifiableClassException {
    instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> type,
      @Nullable ProtectionDomain domain,
      byte[] original) {
    List<Probe> here = loader == null && name != null ? probes.get(name) : null;
    if (here == null) {
      return null;
    }
    try {
      return weaver.weave(original, here, found);
    } catch (Throwable e) {
      failure = e;
      return null;
    }
  }

  /** The probes that stand, as {@code class#method}. */
  List<String> found() {
    Set<String> names = new TreeSet<>();
    found.forEach(probe -> names.add(probe.name()));
    return List.copyOf(names);
  }

  /** The probes that should stand on this version of Java and do not. */
  List<String> missing() {
    Set<String> names = new TreeSet<>();
    for (Probe probe : Probes.ALL) {
      if (probe.isFor(Runtime.version().feature()) && !found.contains(probe)) {
        names.add(probe.name());
      }
    }
    return List.copyOf(names);
  }
}
