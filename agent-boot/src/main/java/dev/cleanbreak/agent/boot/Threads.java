package dev.cleanbreak.agent.boot;

import org.jspecify.annotations.Nullable;

/** What Java 17 does not say of a thread, or not under the name of today. */
final class Threads {
  /** The class of all virtual threads, null where there are none. */
  private static final @Nullable Class<?> VIRTUAL = virtual();

  private Threads() {}

  private static @Nullable Class<?> virtual() {
    try {
      return Class.forName("java.lang.BaseVirtualThread", false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  static boolean isVirtual(Thread thread) {
    return VIRTUAL != null && VIRTUAL.isInstance(thread);
  }

  @SuppressWarnings("deprecation") // threadId() is of Java 19
  static long id(Thread thread) {
    return thread.getId();
  }
}
