package dev.cleanbreak.drivers;

/** The two kinds of threads; everything that blocks is tested on both. */
enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  Thread start(Runnable task) {
    return this == PLATFORM
        ? Thread.ofPlatform().daemon().name("victim").start(task)
        : Thread.ofVirtual().name("victim").start(task);
  }
}
