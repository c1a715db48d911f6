package dev.cleanbreak.bench;

/** The two kinds of threads on which a call can block. */
enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  Thread start(String name, Runnable task) {
    return this == PLATFORM
        ? Thread.ofPlatform().daemon().name(name).start(task)
        : Thread.ofVirtual().name(name).start(task);
  }

  /** As it stands in the names of scenes. */
  String word() {
    return this == PLATFORM ? "platform" : "virtual";
  }
}
