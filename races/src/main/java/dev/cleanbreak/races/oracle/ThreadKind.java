package dev.cleanbreak.races.oracle;

/** The two kinds of threads. */
enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  Thread start(String name, Runnable task) {
    return this == PLATFORM
        ? Thread.ofPlatform().daemon().name(name).start(task)
        : Thread.ofVirtual().name(name).start(task);
  }

  String id() {
    return Ids.of(this);
  }
}
