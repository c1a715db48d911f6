package dev.cleanbreak.agent;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stack, and questions to it. */
final class Frames {
  private final List<StackTraceElement> frames;

  Frames(StackTraceElement[] frames) {
    this.frames = Arrays.asList(frames);
  }

  List<String> text() {
    return frames.stream().map(StackTraceElement::toString).toList();
  }

  /** The topmost frame that is no part of the JDK. */
  @Nullable StackTraceElement nearest() {
    return frames.stream().filter(frame -> !isJdk(frame)).findFirst().orElse(null);
  }

  /** The lowest one. */
  @Nullable StackTraceElement farthest() {
    for (int i = frames.size() - 1; i >= 0; i--) {
      if (!isJdk(frames.get(i))) {
        return frames.get(i);
      }
    }
    return null;
  }

  /** The topmost frame of a class whose name begins so. */
  @Nullable StackTraceElement inClass(String prefix) {
    return frames.stream()
        .filter(frame -> frame.getClassName().startsWith(prefix))
        .findFirst()
        .orElse(null);
  }

  /** The topmost frame of that method of a class whose name begins so. */
  @Nullable StackTraceElement inMethod(String prefix, String method) {
    return frames.stream()
        .filter(f -> f.getClassName().startsWith(prefix) && f.getMethodName().equals(method))
        .findFirst()
        .orElse(null);
  }

  boolean has(String prefix, String method) {
    return inMethod(prefix, method) != null;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  /** Topmost first. */
  List<StackTraceElement> all() {
    return frames;
  }

  static boolean isJdk(StackTraceElement frame) {
    String module = frame.getModuleName();
    return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
  }
}
